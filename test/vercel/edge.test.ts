import { join } from 'node:path'
import type { EdgeRuntime } from 'edge-runtime'
import { beforeAll, describe, expect, it } from 'vitest'
import { itConforms } from '../support/adapter-conformance.ts'
import { startEdge } from '../../tools/runtimes/edge-runtime.ts'

describe('the Vercel adapter in the edge runtime', () => {
  let runtime: EdgeRuntime
  beforeAll(async () => {
    runtime = await startEdge(join(import.meta.dirname, 'edge-entry.ts'))
  })
  const send = (path: string, init?: RequestInit): Promise<Response> =>
    runtime.dispatchFetch(`https://x.test${path}`, init)

  itConforms(
    {
      send,
      hangUp: async (path) => {
        const reader = (await send(path)).body!.getReader()
        await reader.read()
        await reader.cancel()
      },
      hidesLengths: 'the edge runtime of this project leaves content-length out',
      leaveEarly: 'the edge runtime of this project has no clients that leave before an answer',
      sendWithLimit: (path, limit) => send(path, { headers: { 'x-limit': String(limit) } }),
      serveOnce: 'nobody is told of the end of an isolate',
    },
    'Vercel, edge runtime',
  )

  it('is an edge runtime: no evaluation of strings, no modules of Node', () => {
    expect(() => runtime.evaluate<unknown>('new Function("return 1")()')).toThrow(/Code generation/)
    expect(runtime.evaluate<string>('typeof require')).toBe('undefined')
  })
})
