import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { serveDynamo } from '../../tools/dynamodb-server/serve.ts'
import { bundleProgram } from './bundle-program.ts'
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
  const { stdout } = await promisify(execFile)(process.execPath, [await bundleProgram(code, 'dynamodb-program')], {
    cwd: root,
    env: { ...process.env, DYNAMODB_ENDPOINT: server.endpoint },
  })
  expect(stdout.trimEnd().split('\n')).toEqual(expected)
})
