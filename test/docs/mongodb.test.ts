import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { codeBlocksOf } from './code-blocks.ts'

it('docs/mongodb.md prints what it says, on a server', async () => {
  await using server = await serveMongo()
  const blocks = codeBlocksOf('docs/mongodb.md').filter(({ language }) => language === 'ts')
  // The first program of the page goes on in all blocks that continue one; the others are entry points.
  const program = blocks.filter((block, index) => index === 0 || block.words.includes('continued'))
  const code = program.map((block) => block.code).join('\n')
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text)
  expect(expected.length).toBeGreaterThan(5)
  const { stdout } = await promisify(execFile)(process.execPath, [await bundled(code)], {
    cwd: root,
    env: { ...process.env, MONGODB_URI: server.uri },
  })
  expect(stdout.trimEnd().split('\n')).toEqual(expected)
  await expect.poll(() => server.open()).toEqual({ sockets: 0, cursors: 0, transactions: 0 })
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
  const file = join(folder, 'mongodb-program.mjs')
  writeFileSync(file, result.outputFiles[0]!.text)
  return file
}
