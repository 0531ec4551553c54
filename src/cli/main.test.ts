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

it('keeps what a module prints out of its output', async () => {
  const { stdout, stderr } = await checked("console.log('noise'); process.stdout.write('more noise')")
  expect(JSON.parse(stdout)).toMatchObject({ application: 'shop' })
  expect(stderr).toContain('noise\nmore noise')
})

it('ends although the module has opened a server', async () => {
  const { code } = await checked("(await import('node:http')).createServer().listen(0, '127.0.0.1')")
  expect(code).toBe(0)
})

/** Checks the application of a module that does this when it is loaded. */
function checked(statement: string) {
  const entry = JSON.stringify(join(import.meta.dirname, '../index.ts'))
  const module = `
    import { createApplication } from ${entry}
    ${statement}
    export const app = createApplication({ name: 'shop', fetch: () => new Response('') })`
  writeFileSync(join(folder, 'app.mjs'), module)
  return run('check', 'app.mjs', '--json')
}

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
