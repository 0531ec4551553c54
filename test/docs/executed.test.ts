import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { bundleProgram } from './bundle-program.ts'
import { codeBlocksOf, fileOf } from './code-blocks.ts'

/** Documents whose code, but for parts of files, is one program; a comment `// → text` says what the line prints. */
const programs = [
  'README.md',
  'docs/sql.md',
  'docs/databases.md',
  'docs/kysely.md',
  'docs/tenancy.md',
  'docs/documents.md',
  'docs/lifecycle.md',
  'docs/tracing.md',
  'docs/inspector.md',
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
  const file = await bundleProgram(code, 'program')
  return execFileSync(process.execPath, [file], { cwd: root, encoding: 'utf8' }).trimEnd().split('\n')
}
