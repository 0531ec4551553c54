import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { bundleProgram } from './bundle-program.ts'
import { codeBlocksOf, fileOf } from './code-blocks.ts'

const programs = codeBlocksOf('README.md').filter((block) => block.language === 'ts' && fileOf(block) === undefined)
const code = programs.map((block) => block.code).join('\n')

it('the first program of README.md is short', () => {
  expect(programs).toHaveLength(1)
  expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15)
})

it('the first program of README.md has no syntax of Node 24', () => expect(code).not.toContain('using '))

it('the first program of README.md answers what the page says', async () => {
  const [, body = ''] = /curl -d '(.+)' http:\/\/127\.0\.0\.1:3000$/m.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  )!
  // The test's own port: somebody may be listening on the page's.
  const onFreePort = code.replace('serve(app)', 'serve(app, { port: 0 })')
  expect(onFreePort).not.toBe(code)
  const child = spawn(process.execPath, [await bundleProgram(onFreePort, 'first-program')], { cwd: root })
  const ended = once(child, 'close')
  const early = ended.then((): never => {
    throw new Error('the program has ended')
  })
  try {
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), early])) as [string]
    expect(line).toMatch(/^notes at http:\/\/127\.0\.0\.1:\d+$/)
    const response = await fetch(line.slice('notes at '.length), { method: 'POST', body })
    expect(await response.text()).toBe('["buy tea"]')
  } finally {
    child.kill('SIGTERM')
    await early.catch(() => {})
  }
})
