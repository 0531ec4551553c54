import { afterAll, beforeAll, describe } from 'vitest'
import { itConforms } from '../support/adapter-conformance.ts'
import { hangUp, leaveEarly } from '../support/hang-up.ts'
import type { NodeProcess } from '../../tools/runtimes/node-process.ts'
import { startVercelFunction } from '../../tools/runtimes/vercel.ts'

describe('the Vercel adapter under a stand-in for Vercel’s launcher', () => {
  let running: NodeProcess
  const { signal } = new AbortController()
  const start = (env: Readonly<Record<string, string>>, progress: (line: string) => void): Promise<NodeProcess> =>
    startVercelFunction('test/vercel/conformance-function.ts', { env, port: 0, progress, signal })
  beforeAll(async () => {
    running = await start({}, () => {})
  })
  afterAll(() => running.stop())

  const send = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, running.url), init)
  itConforms(
    {
      send,
      hangUp: (path) => hangUp(new URL(running.url), path),
      leaveEarly: (path) => leaveEarly(new URL(running.url), path),
      sendWithLimit: (path, limit) => send(path, { headers: { 'x-limit': String(limit) } }),
      async serveOnce(path) {
        const lines: string[] = []
        const alone = await start({ PRINT_LOG: 'true' }, (line) => lines.push(line))
        await (await fetch(new URL(path, alone.url))).text()
        await alone.stop()
        return lines.flatMap((line) => /^log: (.*)$/.exec(line)?.[1] ?? [])
      },
    },
    'Vercel, Node',
  )
})
