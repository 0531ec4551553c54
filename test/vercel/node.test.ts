import { afterAll, beforeAll, describe } from 'vitest'
import { itConforms } from '../../tools/adapter-conformance.ts'
import { hangUp } from '../../tools/hang-up.ts'
import type { NodeProcess } from '../../tools/runtimes/node-process.ts'
import { startVercelFunction } from '../../tools/runtimes/vercel.ts'

describe('the Vercel adapter behind what stands for Vercel’s launcher', () => {
  let running: NodeProcess
  beforeAll(async () => {
    const { signal } = new AbortController()
    const options = { env: {}, port: 0, progress: () => {}, signal }
    running = await startVercelFunction('test/vercel/conformance-function.ts', options)
  })
  afterAll(() => running.stop())

  const send = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, running.url), init)
  itConforms(
    {
      send,
      hangUp: (path) => hangUp(new URL(running.url), path),
      sendWithLimit: (path, limit) => send(path, { headers: { 'x-limit': String(limit) } }),
      serveOnce: 'an instance may end without a word',
    },
    'Vercel, Node',
  )
})
