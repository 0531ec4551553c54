import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { bundleProgram } from './bundle-program.ts'
import { codeBlocksOf } from './code-blocks.ts'

it('docs/mongodb.md prints what it says, on a server', async () => {
  await using server = await serveMongo()
  const blocks = codeBlocksOf('docs/mongodb.md').filter(({ language }) => language === 'ts')
  // The first program of the page goes on in all blocks that continue one; the others are entry points.
  const program = blocks.filter((block, index) => index === 0 || block.words.includes('continued'))
  const code = program.map((block) => block.code).join('\n')
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text)
  expect(expected.length).toBeGreaterThan(5)
  const { stdout } = await promisify(execFile)(process.execPath, [await bundleProgram(code, 'mongodb-program')], {
    cwd: root,
    env: { ...process.env, MONGODB_URI: server.uri },
  })
  expect(stdout.trimEnd().split('\n')).toEqual(expected)
  await expect.poll(() => server.open()).toEqual({ sockets: 0, cursors: 0, transactions: 0 })
})
