import { describe, expect, it } from 'vitest'
import { runCommand } from '../command.ts'

interface Printed {
  readonly lines: string[]
  readonly code: number
}

async function inspect(args: readonly string[], onLine: (line: string, stop: () => void) => void): Promise<Printed> {
  const stop = new AbortController()
  const lines: string[] = []
  const keep = (line: string): void => {
    lines.push(line)
    onLine(line, () => stop.abort())
  }
  const code = await runCommand(['inspect', ...args], { signal: stop.signal, print: keep, complain: keep })
  return { lines, code }
}

describe('lexigram-edge inspect', () => {
  it('says what to set while it serves', async () => {
    let answered: Promise<Response> | undefined
    const { lines, code } = await inspect([], (line, stop) => {
      const address = /^LEXIGRAM_INSPECTOR=(.*)$/.exec(line)?.[1]
      if (address === undefined) return
      answered = fetch(`${address}/api/overview`)
      void answered.then(stop, stop)
    })
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^inspector http:\/\/127\.0\.0\.1:\d+$/)
    expect((await answered)?.status).toBe(200)
  })

  it('starts a command with the address in its environment, whose exit code is its own', async () => {
    const program =
      'fetch(process.env.LEXIGRAM_INSPECTOR + "/api/overview").then(({ status }) => process.exit(status === 200 ? 7 : 1))'
    const { code } = await inspect(['--', process.execPath, '-e', program], () => {})
    expect(code).toBe(7)
  })

  it('leaves the options of the command to the command', async () => {
    const program = 'process.exit(process.argv.includes("--json") ? 7 : 1)'
    const { lines, code } = await inspect(['--', process.execPath, '-e', program, '--', '--json'], () => {})
    expect(code).toBe(7)
    expect(lines).toEqual([expect.stringMatching(/^inspector http/)])
    const own = await inspect(['--json', '--', process.execPath, '-e', program, '--', '--json'], () => {})
    expect(own.code).toBe(7)
    expect(own.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { url: expect.any(String), env: { LEXIGRAM_INSPECTOR: expect.any(String) } },
    ])
  })

  it('ends the command when it is stopped', async () => {
    const { code } = await inspect(['--', process.execPath, '-e', 'setInterval(() => {}, 1000)'], (_line, stop) =>
      setImmediate(stop),
    )
    expect(code).toBe(143)
  })

  it.each([
    [['--port', 'x'], '--port must be a number from 0 to 65535'],
    [['--prot', '1'], 'prot'],
    [['--', 'no-such-program-here'], 'the command after -- cannot start (ENOENT)'],
  ])('refuses %j', async (args, message) => {
    await expect(inspect(args, () => {})).rejects.toThrow(message)
  })
})
