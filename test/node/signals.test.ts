import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

describe('SIGTERM', () => {
  /** A server in its own process. Lines of its output request the signals. */
  async function run(scenario: string, signals: Readonly<Record<string, NodeJS.Signals>>) {
    const script = join(import.meta.dirname, 'signalled-server.ts')
    const child = spawn(process.execPath, [script, scenario], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines: string[] = []
    child.stdout.on('data', (data: Buffer) => {
      for (const line of data.toString().trim().split('\n')) {
        lines.push(line)
        const signal = signals[line]
        if (signal !== undefined) child.kill(signal)
      }
    })
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    return { lines, end: signal ?? code }
  }

  it('lets the process end by itself after the server has closed', async () => {
    expect(await run('idle', { listening: 'SIGTERM' })).toEqual({
      lines: ['booting', 'listening', 'shut down'],
      end: 0,
    })
  })

  it('during the boot closes the server as soon as it has booted', async () => {
    expect(await run('slow boot', { booting: 'SIGTERM' })).toEqual({
      lines: ['booting', 'listening', 'shut down'],
      end: 0,
    })
  })

  it('a second time ends the process at once', async () => {
    const signals = { listening: 'SIGTERM', draining: 'SIGINT' } as const
    expect(await run('busy', signals)).toEqual({ lines: ['booting', 'listening', 'draining'], end: 'SIGINT' })
  })
})
