import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { codeBlocksOf, fileOf } from './code-blocks.ts'

/** Documents whose code, but for parts of files, is one program; a comment `// → text` says what the line prints. */
const programs = [
  'README.md',
  'docs/sql.md',
  'docs/kysely.md',
  'docs/tenancy.md',
  'docs/documents.md',
  'docs/lifecycle.md',
  'docs/tracing.md',
  'docs/observability.md',
  'docs/repositories.md',
  'docs/current-user.md',
  'docs/testing.md',
  'docs/bindings.md',
  'docs/transactions.md',
  'docs/openapi.md',
  'docs/from-drizzle-neon-http.md',
  'docs/from-mongodb.md',
  'docs/from-electrodb.md',
  'docs/nextjs.md',
  'docs/troubleshooting.md',
]

describe.each(programs)('%s', (document) => {
  it('prints what it says', async () => {
    const code = codeBlocksOf(document)
      .filter((block) => block.language === 'ts' && fileOf(block) === undefined)
      .map((block) => block.code)
      .join('\n')
    const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text)
    expect(expected.length).toBeGreaterThan(0)
    expect(await outputOf(code)).toEqual(expected)
  })
})

async function outputOf(code: string): Promise<string[]> {
  const folder = join(root, '.lexigram', 'docs')
  mkdirSync(folder, { recursive: true })
  const result = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    write: false,
    logLevel: 'error',
  })
  const file = join(folder, 'program.mjs')
  writeFileSync(file, result.outputFiles[0]!.text)
  return execFileSync(process.execPath, [file], { cwd: root, encoding: 'utf8' }).trimEnd().split('\n')
}
