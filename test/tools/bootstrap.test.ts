import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lexigram-edge-bootstrap-'))
  mkdirSync(join(project, 'tools/commands'), { recursive: true })
  copyFileSync(join(root, 'tools/commands/bootstrap.mjs'), join(project, 'tools/commands/bootstrap.mjs'))
  writeFileSync(join(project, 'package-lock.json'), lockOf({ a: '1.0.0' }))
  writeFileSync(
    join(project, 'print.ts'),
    'const words: string[] = process.argv.slice(2)\nconsole.log(JSON.stringify(words))',
  )
  // Stands for `npm ci`: installs what the lock says.
  writeFileSync(
    join(project, 'npm.cjs'),
    `const { appendFileSync, mkdirSync, copyFileSync, symlinkSync } = require('node:fs')
     appendFileSync('installs', process.argv[2] + '\\n')
     if (process.env.FAIL_INSTALL) process.exit(9)
     mkdirSync('node_modules/.bin', { recursive: true })
     copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
     try { symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/.bin/node') } catch {}`,
  )
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

describe('bootstrap', () => {
  it('installs what is missing before it runs the script', async () => {
    const { stdout, stderr, status } = await bootstrap(['print.ts', '--fresh', 'two words'])
    expect(stderr).toMatch(/not installed yet.*npm ci/)
    expect(stdout).toBe('["--fresh","two words"]\n')
    expect(status).toBe(0)
    expect(readFileSync(join(project, 'installs'), 'utf8')).toBe('ci\n')
  })

  it('installs nothing when what is there is what the lock says, whichever file is newer', async () => {
    installed({ a: '1.0.0' })
    writeFileSync(join(project, 'package-lock.json'), lockOf({ a: '1.0.0' }))
    expect((await bootstrap(['print.ts'])).stdout).toBe('[]\n')
    expect(existsSync(join(project, 'installs'))).toBe(false)
  })

  it('installs again when the lock asks for something else', async () => {
    installed({ a: '1.0.0' })
    writeFileSync(join(project, 'package-lock.json'), lockOf({ a: '1.0.1' }))
    expect((await bootstrap(['print.ts'])).stderr).toMatch(/package-lock.json has changed/)
    expect(readFileSync(join(project, 'installs'), 'utf8')).toBe('ci\n')
  })

  it('does not miss optional packages, which other platforms have', async () => {
    installed({ a: '1.0.0' })
    const lock = {
      packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1', optional: true } },
    }
    writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock))
    await bootstrap(['print.ts'])
    expect(existsSync(join(project, 'installs'))).toBe(false)
  })

  it('stops when the installation fails', async () => {
    const { stdout, stderr, status } = await bootstrap(['print.ts'], { FAIL_INSTALL: '1' })
    expect([stdout, status]).toEqual(['', 9])
    expect(stderr).toMatch(/needs the network/)
  })

  it('passes the exit code on', async () => {
    installed({ a: '1.0.0' })
    writeFileSync(join(project, 'fail.ts'), 'process.exit(7 as number)')
    expect((await bootstrap(['fail.ts'])).status).toBe(7)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('waits after %s until the script has cleaned up', async (signal) => {
    installed({ a: '1.0.0' })
    const script = `process.on('${signal}', () => { console.log('cleaned up'); process.exit(3) })
                    setInterval(() => {}, 1000)
                    console.log('ready')`
    writeFileSync(join(project, 'wait.ts'), script)
    const { stdout, status } = await bootstrap(['wait.ts'], {}, signal)
    expect([stdout, status]).toEqual(['ready\ncleaned up\n', 3])
  })

  it('says how it is used', async () => {
    expect(await bootstrap([])).toMatchObject({ status: 2, stderr: expect.stringContaining('usage') })
  })
})

/** Runs the bootstrap; with a signal, sends it as soon as the script has said something. */
function bootstrap(args: readonly string[], env: NodeJS.ProcessEnv = {}, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, ['tools/commands/bootstrap.mjs', ...args], {
    cwd: project,
    env: { ...process.env, npm_execpath: join(project, 'npm.cjs'), ...env },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output.stdout === '' && signal !== undefined) child.kill(signal)
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const { promise, resolve } = Promise.withResolvers<typeof output & { status: number | null }>()
  child.on('close', (status) => resolve({ ...output, status }))
  return promise
}

function installed(versions: Readonly<Record<string, string>>): void {
  mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(process.execPath, join(project, 'node_modules', '.bin', 'node'))
  writeFileSync(join(project, 'node_modules', '.package-lock.json'), lockOf(versions))
}

function lockOf(versions: Readonly<Record<string, string>>): string {
  const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }])
  return JSON.stringify({ packages: { '': {}, ...Object.fromEntries(packages) } })
}
