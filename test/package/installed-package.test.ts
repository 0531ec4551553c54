import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { entries } from '../../tools/docs/entries.ts'
import { root } from '../../tools/commands/steps.ts'
import { contentProblems, publintProblems, typeProblems } from '../../tools/release/tarball-problems.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { importAll, workerdOnly } from './import-all.ts'
import { installPackage, type InstalledPackage } from './installed-package.ts'

const specifiers = entries().map(({ specifier }) => specifier)
/** Which peer each entry says that it needs. */
const needs = new Map(
  [...readFileSync(join(root, 'docs/entry-points.md'), 'utf8').matchAll(/^\| `([^`]+)` *\|[^|]*\|([^|]*)\|$/gm)].map(
    ([, specifier, peers]) => [specifier ?? '', [...(peers ?? '').matchAll(/`([^`]+)`/g)].map(([, peer]) => peer)],
  ),
)
/** Use modules of Node's own, which no bundle for workerd can have. */
// MongoDB's own package and pg need Node's modules, which workerd has with nodejs_compat.
const nodeOnly = [
  'lexigram-edge/inspector/server',
  'lexigram-edge/lambda',
  'lexigram-edge/node',
  'lexigram-edge/nosql/mongodb',
  'lexigram-edge/sql/pglite',
  'lexigram-edge/sql/postgres',
]

let installed: InstalledPackage
beforeAll(async () => {
  installed = await installPackage()
})
afterAll(() => installed[Symbol.dispose]())

describe('the packed package, before any peer is installed', () => {
  it('holds what is built and no sources, tests or tools', () => {
    expect(contentProblems(installed.tarball)).toEqual([])
    const scattered = { ...installed.tarball, files: ['package.json', 'src/index.ts', 'dist/src/a.test.js'] }
    expect(contentProblems(scattered)).toEqual([
      'CHANGELOG.md is not packed',
      'CONTRIBUTING.md is not packed',
      'LICENSE is not packed',
      'README.md is not packed',
      'docs/entry-points.md is not packed',
      'src/index.ts is packed',
      'dist/src/a.test.js is packed',
    ])
  })

  it('imports every entry that is documented to need nothing', async () => {
    const found = await importAll(installed.folder, Object.keys(packageJson.peerDependencies))
    const incomplete = found.filter(({ names }) => names === undefined).map(({ specifier }) => specifier)
    expect(incomplete.filter((specifier) => (needs.get(specifier) ?? []).length === 0)).toEqual([])
  })

  it('runs its command', async () => {
    const bin = join('node_modules', 'lexigram-edge', packageJson.bin['lexigram-edge'])
    await expect(installed.run('node', bin, '--help')).resolves.toContain('neon-local')
  })

  it.each([
    [['doctor', 'app.mjs'], /errors: 0, warnings: 0/],
    [['check', 'app.mjs', '--json'], /"runtime":"workers","issues":\[\]/],
    [['graph', 'app.mjs', '--format', 'svg'], /<svg[^]*RequestContext/],
    [['complete', 'bash'], /lexigram-edge/],
  ])('runs its command %j with the libraries that it has inside', async (args, printed) => {
    writeFileSync(
      join(installed.folder, 'app.mjs'),
      `import { createApplication } from 'lexigram-edge'\nexport const app = createApplication({ name: 'shop' })`,
    )
    const bin = join('node_modules', 'lexigram-edge', packageJson.bin['lexigram-edge'])
    await expect(installed.run('node', bin, ...args)).resolves.toMatch(printed)
  })

  it('serves the inspector’s page by its command', async () => {
    const bin = join('node_modules', 'lexigram-edge', packageJson.bin['lexigram-edge'])
    const ask = `fetch(process.env.LEXIGRAM_INSPECTOR).then(async (answer) => {
      console.log(answer.status, answer.headers.get('content-security-policy'), await answer.text())
    })`
    const printed = await installed.run('node', bin, 'inspect', '--', 'node', '-e', ask)
    expect(printed).toMatch(/200 default-src 'none'; script-src 'sha256-[^]*<title>Inspector/)
  })
})

describe('the packed package with its peers', () => {
  beforeAll(() => installed.linkPeers())

  it('imports every entry from Node, with the names that the source has', async () => {
    const built = await importAll(installed.folder)
    const onNode = entries().filter(({ specifier }) => !workerdOnly.includes(specifier))
    const sources = await Promise.all(
      onNode.map(async ({ specifier, source }) => {
        const module: object = await import(join(root, source))
        return { specifier, names: Object.keys(module).toSorted() }
      }),
    )
    expect(built).toEqual(sources)
  })

  it('runs in workerd, also without nodejs_compat', async () => {
    const portable = specifiers.filter((specifier) => !nodeOnly.includes(specifier))
    const contents = [
      ...portable.map((specifier, index) => `import * as entry${index} from '${specifier}'`),
      `const entries = { ${portable.map((specifier, index) => `'${specifier}': entry${index}`).join(', ')} }`,
      'const names = Object.entries(entries).map(([key, entry]) => [key, Object.keys(entry).length])',
      'export default { fetch: () => Response.json(Object.fromEntries(names)) }',
    ].join('\n')
    const script = await bundleWorker({ contents, resolveDir: installed.folder })
    expect(script).not.toMatch(/from\s*["']node:/)
    await using worker = await disposable(script)
    const counts = (await (await worker.fetch('http://worker/')).json()) as Record<string, number>
    const onNode = (await importAll(installed.folder)).filter(({ specifier }) => portable.includes(specifier))
    const expected = Object.fromEntries(onNode.map(({ specifier, names }) => [specifier, names?.length]))
    expect(counts).toMatchObject(expected)
    expect(Object.keys(counts).toSorted()).toEqual([...Object.keys(expected), ...workerdOnly].toSorted())
  })

  it('type-checks in a project that knows no platform', async () => {
    const contents = specifiers.map((specifier, index) => `export * as entry${index} from '${specifier}'`).join('\n')
    writeFileSync(join(installed.folder, 'use.ts'), contents)
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--types', '']
    const library = ['--lib', 'es2023,esnext.disposable,webworker,webworker.iterable']
    for (const resolution of [
      ['--module', 'nodenext'],
      ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ]) {
      await installed.run('tsc', ...options, ...library, ...resolution, 'use.ts')
    }
  })
})

describe('the tarball', () => {
  it('is clean by publint', async () => {
    expect(await publintProblems(installed.tarball, packageJson)).toEqual([])
  })

  it('resolves to the right types by are-the-types-wrong', async () => {
    expect(await typeProblems(installed.tarball, packageJson)).toEqual([])
  })
})

async function disposable(script: string) {
  const worker = await startWorkerd(script, { compatibilityDate: '2026-06-01', compatibilityFlags: [] })
  return {
    fetch: async (url: string) => await worker.dispatchFetch(url),
    [Symbol.asyncDispose]: async () => await worker.dispose(),
  }
}
