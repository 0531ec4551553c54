import { join } from 'node:path'
import type { EdgeRuntime } from 'edge-runtime'
import { beforeAll, describe, expect, it } from 'vitest'
import { adapterConformance } from 'lexigram-edge/testing'
import { startEdge } from '../../tools/edge-runtime.ts'

describe('the Vercel adapter in the edge runtime', () => {
  let runtime: EdgeRuntime
  beforeAll(async () => {
    runtime = await startEdge(join(import.meta.dirname, 'edge-entry.ts'))
  })
  const send = (path: string, init?: RequestInit): Promise<Response> =>
    runtime.dispatchFetch(`https://x.test${path}`, init)

  for (const { name, run } of adapterConformance()) {
    it(name, () =>
      run({
        send,
        hangUp: async (path) => {
          const reader = (await send(path)).body!.getReader()
          await reader.read()
          await reader.cancel()
        },
      }),
    )
  }

  it('is an edge runtime: no evaluation of strings, no modules of Node', () => {
    expect(() => runtime.evaluate<unknown>('new Function("return 1")()')).toThrow(/Code generation/)
    expect(runtime.evaluate<string>('typeof require')).toBe('undefined')
  })
})
