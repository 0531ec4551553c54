import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand, runLine } from './command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = (...args: string[]) => startWith(runCommand, args)

function startWith(run: typeof runLine, args: readonly string[]) {
  const printed: string[] = []
  const complaints: string[] = []
  const stop = new AbortController()
  const done = run(args, {
    signal: stop.signal,
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
  })
  return { printed, complaints, done, stop: () => stop.abort() }
}

async function serve(...args: string[]) {
  const command = start('neon-local', '--port', '0', ...args)
  await expect.poll(() => command.printed.some((line) => line.startsWith('HTTP ')), { timeout: 30_000 }).toBe(true)
  const url = command.printed[0]?.replace('DATABASE_URL=', '') ?? ''
  const query = async (text: string) => {
    const response = await fetch(`http://${new URL(url).host}/sql`, {
      method: 'POST',
      headers: { 'Neon-Connection-String': url },
      body: JSON.stringify({ query: text }),
    })
    return (await response.json()) as { rows?: unknown[]; code?: string }
  }
  return { ...command, query }
}

describe('lexigram-edge', () => {
  it('prints help', async () => {
    const help = start('help')
    expect(await help.done).toBe(0)
    expect(help.printed[0]).toContain('neon-local')
  })

  it.each([
    [['doctor', '--project', 'gone'], /gone cannot be used: the system answers ENOENT/],
    [['neon-local', '--data-dir', 'file/x', '--port', '0'], /the database in file.x cannot be opened/],
    [['doctor', '--project', '.'], /package\.json must be JSON/],
  ])(
    'says which file of the line cannot be used: %j',
    async ([command = '', option = '', path = '', ...rest], reason) => {
      writeFileSync(join(folder, 'file'), '')
      writeFileSync(join(folder, 'package.json'), '{')
      const line = startWith(runLine, [command, option, join(folder, path), ...rest])
      expect(await line.done).toBe(2)
      expect(line.complaints.join('\n').replaceAll(`${folder}/`, '')).toMatch(reason)
    },
  )

  it('prints its version', async () => {
    const version = start('--version')
    await version.done
    expect(version.printed[0]).toMatch(/^\d+\.\d+\.\d+/)
  })

  it.each([
    [['--help'], /neon-local[^]*Exit codes/],
    [['neon-local', '--help'], /--data-dir/],
    [['neon-local', '-h'], /--data-dir/],
    [['help', 'neon-local'], /--data-dir/],
    [['migrate', '-h'], /baseline/],
    [['migrate', 'up', '-h'], /--resume/],
  ])('prints help for %j', async (args, text) => {
    const command = start(...args)
    expect(await command.done).toBe(0)
    expect(command.printed.join('\n')).toMatch(text)
    expect(command.complaints).toEqual([])
  })

  it.each([
    [['version'], ['version']],
    [
      ['neon-local', '--port', '0'],
      ['url', 'ownerUrl', 'protocolUrl', 'endpoint'],
    ],
  ])(
    'prints one JSON document for %j',
    async (args, members) => {
      const command = startWith(runLine, [...args, '--json'])
      await expect.poll(() => command.printed.length, { timeout: 30_000 }).toBe(1)
      command.stop()
      expect(await command.done).toBe(0)
      expect(Object.keys(JSON.parse(command.printed.join('')) as object)).toEqual(members)
    },
    60_000,
  )

  it('says in JSON what is wrong with a line', async () => {
    const { done, printed } = startWith(runLine, ['neon-local', '--prot', 'x', '--json'])
    expect(await done).toBe(2)
    expect(JSON.parse(printed.join(''))).toEqual({
      error: {
        code: 'LEX_ERR_USE_001',
        message: 'the option --prot must be one that neon-local knows, with the value that it takes',
        hint: 'lexigram-edge neon-local --help',
      },
    })
  })

  it.each([
    [['complete', '--', 'neon-local', '--po'], /--port/],
    [['complete', '--', 'migrate', ''], /dry-run/],
    [['complete', '--', 'migrate', 'up', '--da'], /--database/],
    [['complete', '--', 'dynamodb', 'tables', '--format', ''], /terraform/],
    [['complete', 'zsh'], /compdef/],
  ])(
    'completes: %j',
    (args, text) => {
      const main = join(import.meta.dirname, 'main.ts')
      const { stdout, status } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
      expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(text), status: 0 })
    },
    60_000,
  )

  it.each([[[]], [['migrate']]])('answers %j with usage and exit code 2', async (args) => {
    const command = start(...args)
    expect(await command.done).toBe(2)
    expect(command.complaints.join('\n')).toMatch(/Usage: [^]*Commands:/)
  })

  it('names the commands when it refuses one that is not known', async () => {
    await expect(start('nonsense').done).rejects.toThrow(
      /the command must be one of doctor, check, graph, inspect, migrate, neon-local/,
    )
  })

  it.each([
    [['--port', 'many'], /--port/],
    [['--port', '70000'], /--port/],
    [['--prot', '1'], /--prot/],
    [['--postgres', 'postgresql://h/d', '--data-dir', 'x'], /cannot be used with --data-dir/],
  ])('refuses neon-local %j', async (args, message) => {
    await expect(start('neon-local', ...args).done).rejects.toThrow(message)
  })

  it.each([
    ['hunter2', /--postgres must be a PostgreSQL URL/],
    ['mysql://root:hunter2@127.0.0.1/app', /--postgres must be a PostgreSQL URL/],
    ['postgresql://root:hunter2@127.0.0.1:99999/app', /--postgres must be a PostgreSQL URL/],
    [
      'postgresql://root:hunter2@127.0.0.1:1/app',
      /PostgreSQL server .* cannot be used: it does not answer \(ECONNREFUSED\)/,
    ],
    [
      'postgresql://root:hunter2@no-such-host.invalid/app',
      /PostgreSQL server .* cannot be used: it does not answer \((?:ENOTFOUND|EAI_AGAIN)\)/,
    ],
  ])('says at start that --postgres %s does not do', async (url, message) => {
    const command = start('neon-local', '--port', '0', '--postgres', url)
    await expect(command.done).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    })
    await expect(command.done).rejects.not.toThrow(/hunter2/)
    expect(command.printed).toEqual([])
  })

  it('says in a line that a port is taken', async () => {
    const first = await serve()
    const port = new URL(first.printed[0]?.replace('DATABASE_URL=', '') ?? '').port
    await expect(start('neon-local', '--port', port).done).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringContaining(`port ${port}`),
      hint: expect.stringContaining('--port'),
    })
    first.stop()
    await first.done
  }, 120_000)

  it('keeps data between runs until --fresh', async () => {
    const data = join(folder, 'data')
    const first = await serve('--data-dir', data)
    await first.query('create table kept (n int)')
    first.stop()
    expect(await first.done).toBe(0)
    const second = await serve('--data-dir', data)
    expect((await second.query('select * from kept')).rows).toEqual([])
    second.stop()
    await second.done
    const third = await serve('--data-dir', data, '--fresh')
    expect((await third.query('select * from kept')).code).toBe('42P01')
    third.stop()
    await third.done
  }, 120_000)

  it('refuses a malformed host in one line', async () => {
    const command = start('neon-local', '--port', '0', '--host', 'no-such-host.invalid')
    await expect(command.done).rejects.toThrow('cannot listen on no-such-host.invalid')
  }, 120_000)

  it.each([[[]], [['--fresh']]])('leaves the folder alone that another process uses, with %j too', async (more) => {
    const data = join(folder, 'data')
    writeFileSync(`${data}.lock`, String(process.ppid))
    await expect(start('neon-local', '--data-dir', data, ...more).done).rejects.toThrow(/process \d+ is using/)
    expect(existsSync(data)).toBe(false)
    expect(existsSync(`${data}.lock`)).toBe(true)
  })

  it('takes over the folder of a process that has ended', async () => {
    const data = join(folder, 'data')
    const { pid } = spawnSync(process.execPath, ['--version'])
    writeFileSync(`${data}.lock`, String(pid))
    const command = await serve('--data-dir', data)
    expect(readFileSync(`${data}.lock`, 'utf8').split(' ')[0]).toBe(String(process.pid))
    command.stop()
    await command.done
    expect(existsSync(`${data}.lock`)).toBe(false)
  }, 120_000)

  it('never empties a folder that is not a database', async () => {
    writeFileSync(join(folder, 'letter.txt'), 'dear')
    const command = start('neon-local', '--data-dir', folder, '--fresh')
    await expect(command.done).rejects.toThrow(/does not hold a database/)
  })
})
