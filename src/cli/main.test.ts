import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** In a process, because it ends its own. */
function run(...line: readonly string[]) {
  const main = join(import.meta.dirname, 'main.ts')
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [main, ...line], { cwd: folder }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

it('keeps what a module prints out of its output, and ends although the module has opened a server', async () => {
  const entry = JSON.stringify(join(import.meta.dirname, '../index.ts'))
  const module = `
    import { createServer } from 'node:http'
    import { createApplication } from ${entry}
    console.log('noise')
    process.stdout.write('more noise')
    createServer().listen(0, '127.0.0.1')
    export const app = createApplication({ name: 'shop', fetch: () => new Response('') })`
  writeFileSync(join(folder, 'app.mjs'), module)
  const { code, stdout, stderr } = await run('check', 'app.mjs', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ application: 'shop' })
  expect(code).toBe(0)
  expect(stderr).toContain('noise\nmore noise')
})

it('says what a wrong argument may be', async () => {
  expect(await run('complete', 'tcsh')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^the shell must be one of .*zsh/),
  })
})

it('names a module that does not exist without a file of this package', async () => {
  const { stderr } = await run('check', 'missing.mjs')
  expect(stderr).toContain("missing.mjs'\n")
  expect(stderr).not.toContain('load-module')
})
