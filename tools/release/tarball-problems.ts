import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { outcomeOf } from '../runtimes/run-program.ts'
import { root } from '../commands/steps.ts'
import type { Tarball } from './tarball.ts'

/** Of package.json. */
export interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
}

/** What would be wrong if this were published. */
export async function tarballProblems(tarball: Tarball, manifest: Manifest): Promise<readonly string[]> {
  const [quality, types] = await Promise.all([publintProblems(tarball, manifest), typeProblems(tarball, manifest)])
  return [...contentProblems(tarball), ...quality, ...types]
}

/** What a reader of the README is led to comes along, the examples too; sources, tests and tools stay at home. */
export function contentProblems({ files }: Tarball): readonly string[] {
  const documents = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'docs/entry-points.md', 'package.json']
  const missing = documents.filter((path) => !files.includes(path))
  const foreign = files.filter(
    (path) =>
      !documents.includes(path) &&
      !/^docs\/.*\.md$|^examples\/(?!.*\/\.)|^(?:serverless\.yml|wrangler\.toml)$/.test(path) &&
      path !== 'dist/src/inspector/server/page.html' &&
      (!/^dist\/(?:src|adapters)\/.*\.(?:js|d\.ts)$/.test(path) || /\.test\b|\.test-d\b/.test(path)),
  )
  return [...missing.map((path) => `${path} is not packed`), ...foreign.map((path) => `${path} is packed`)]
}

/** @see https://publint.dev/rules */
export async function publintProblems({ path }: Tarball, manifest: Manifest): Promise<readonly string[]> {
  const bytes = readFileSync(path)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages } = await publint({ pack: { tarball }, strict: true })
  return messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code)
}

/** What attw prints when asked for JSON. */
interface Attw {
  readonly analysis: {
    readonly entrypoints: object
    readonly problems: readonly {
      readonly kind: string
      readonly resolutionKind?: string
      readonly entrypoint?: string
    }[]
  }
}

/** Resolutions that know no ESM package; the profile leaves them out of the exit code, not out of the list. */
const withoutEsm = ['node10', 'node16-cjs']

/** @see https://arethetypeswrong.github.io */
export async function typeProblems({ path }: Tarball, manifest: Manifest): Promise<readonly string[]> {
  const attw = join(root, 'node_modules', '.bin', 'attw')
  const options = ['--format', 'json', '--profile', 'esm-only', '--no-definitely-typed']
  const { stdout, stderr } = await outcomeOf(attw, [path, ...options], root)
  // It prints the same when it has found something, and ends with a status of 1.
  if (!stdout.startsWith('{')) throw new Error(`attw failed:\n${stdout}${stderr}`)
  const { analysis } = JSON.parse(stdout) as Attw
  const known = Object.keys(analysis.entrypoints)
  const unknown = Object.keys(manifest.exports).filter((entry) => !known.includes(entry))
  const problems = analysis.problems.filter(({ resolutionKind = '' }) => !withoutEsm.includes(resolutionKind))
  return [
    ...unknown.map((entry) => `${entry} is not in the tarball's exports`),
    ...problems.map(({ kind, entrypoint = '', resolutionKind = '' }) =>
      `${kind} ${entrypoint} ${resolutionKind}`.trim(),
    ),
  ]
}
