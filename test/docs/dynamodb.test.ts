import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { serveDynamo } from '../../tools/dynamodb-server/serve.ts'
import { codeBlocksOf } from './code-blocks.ts'

it('docs/dynamodb.md prints what it says, on a server', async () => {
  await using server = await serveDynamo()
  const blocks = codeBlocksOf('docs/dynamodb.md').filter(({ language }) => language === 'ts')
  // The program is what is continued, with the block that it begins with; the others are entry points.
  const first = blocks.findIndex((_, index) => blocks[index + 1]?.words.includes('continued') === true)
  const program = blocks.filter((block, index) => index === first || block.words.includes('continued'))
  const code = program.map((block) => block.code).join('\n')
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text)
  expect(expected.length).toBeGreaterThan(4)
  const { stdout } = await promisify(execFile)(process.execPath, [await bundled(code)], {
    cwd: root,
    env: { ...process.env, DYNAMODB_ENDPOINT: server.endpoint },
  })
  expect(stdout.trimEnd().split('\n')).toEqual(expected)
})

async function bundled(code: string): Promise<string> {
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
  const file = join(folder, 'dynamodb-program.mjs')
  writeFileSync(file, result.outputFiles[0]!.text)
  return file
}
