import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { root } from '../../tools/commands/steps.ts'

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lexigram-edge-setup-'))
  mkdirSync(join(project, 'tools'))
  for (const name of ['commands/steps.ts', 'commands/setup-lambda.ts', 'packages', 'lambda']) {
    cpSync(join(root, 'tools', name), join(project, 'tools', name), { recursive: true })
  }
  // A stand-in for npm: prints where it was called, and fails on request.
  writeFileSync(
    join(project, 'npm.cjs'),
    `const fs = require('node:fs')
     fs.appendFileSync('${join(project, 'installs')}', process.argv[2] + ' ' + fs.existsSync('package-lock.json') + '\\n')
     if (process.env.FAIL_INSTALL) { console.error('the registry is away'); process.exit(1) }`,
  )
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

describe('npm run setup:lambda', () => {
  it('installs what the lock says, once', async () => {
    expect(await setup()).toMatchObject({ status: 0 })
    expect(await setup()).toMatchObject({ status: 0, output: 'installed: Lambda’s runtime client\n' })
    expect(installs()).toBe('ci true\n')
  })

  it('installs again for another lock', async () => {
    await setup()
    writeFileSync(join(project, 'tools/lambda/package-lock.json'), '{}')
    await setup()
    expect(installs()).toBe('ci true\nci true\n')
  })

  it('says that tests are skipped when it cannot install', async () => {
    const failed = await setup({ FAIL_INSTALL: '1' })
    expect(failed.status).toBe(0)
    expect(failed.output).toMatch(/the registry is away\n.*its tests are skipped/)
    await setup()
    expect(installs()).toBe('ci true\nci true\n')
  })

  it('fails where nothing may be skipped', async () => {
    expect(await setup({ FAIL_INSTALL: '1', CI: 'true' })).toMatchObject({ status: 1 })
  })

  it('ends what npm has started when it is aborted', async () => {
    const [started, ended] = [join(project, 'started'), join(project, 'ended')]
    const compiler = `const { writeFileSync } = require('node:fs')
      process.once('SIGTERM', () => { writeFileSync('${ended}', ''); process.exit() })
      setInterval(() => {}, 1000)
      writeFileSync('${started}', '')`
    writeFileSync(
      join(project, 'npm.cjs'),
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(compiler)}])
       setInterval(() => {}, 1000)`,
    )
    const options = { cwd: project, env: environment(), stdio: 'ignore' } as const
    const child = spawn(process.execPath, ['tools/commands/setup-lambda.ts'], options)
    const closed = new Promise((resolve) => child.once('close', resolve))
    await vi.waitUntil(() => existsSync(started), 10_000)
    child.kill('SIGINT')
    expect(await closed).not.toBe(0)
    await vi.waitUntil(() => existsSync(ended), 10_000)
  })
})

function installs(): string {
  const file = join(project, 'installs')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, CI: '', npm_execpath: join(project, 'npm.cjs') }
}

function setup(env: NodeJS.ProcessEnv = {}): Promise<{ status: number; output: string }> {
  const options = { cwd: project, env: { ...environment(), ...env } }
  return new Promise((resolve) => {
    execFile(process.execPath, ['tools/commands/setup-lambda.ts'], options, (error, stdout) => {
      resolve({ status: error === null ? 0 : Number(error.code), output: stdout })
    })
  })
}
