import { describe, expect, it, vi } from 'vitest'
import { watchSource, type Chunk, type ChunkSource } from './watched-body.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const chunk = (value: Uint8Array): Promise<Chunk> => Promise.resolve({ done: false, value })
const end = (): Promise<Chunk> => Promise.resolve({ done: true, value: undefined })

function watch(source: Partial<ChunkSource>, check?: (chunk: unknown) => void) {
  const reports: unknown[] = []
  const cancelled: unknown[] = []
  const whole: ChunkSource = { read: end, cancel: async (reason) => void cancelled.push(reason), ...source }
  const report = (error: unknown): void => void reports.push((error as Error).message)
  return { ...watchSource(whole, report, { ...(check && { check }) }), reports, cancelled }
}

describe('a watched body', () => {
  it('ends after the last chunk was read', async () => {
    const parts = ['a', 'b']
    const { readable, ended, reports } = watch({
      read: () => (parts.length > 0 ? chunk(bytes(parts.shift()!)) : end()),
    })
    expect(await new Response(readable).text()).toBe('ab')
    await ended
    expect(reports).toEqual([])
  })

  it('reads nothing before it is read', async () => {
    let reads = 0
    const { readable } = watch({ read: () => (reads++, end()) })
    expect(reads).toBe(0)
    await readable.cancel()
  })

  it('ends with the report of a read that fails', async () => {
    const { readable, ended, reports } = watch({ read: () => Promise.reject(new Error('half-way')) })
    await expect(new Response(readable).text()).rejects.toThrow()
    await ended
    expect(reports).toEqual(['half-way'])
  })

  it('ends when its reader leaves, whose reason reaches the source', async () => {
    const { readable, ended, reports, cancelled } = watch({})
    await readable.cancel('gone')
    await ended
    expect([reports, cancelled]).toEqual([[], ['gone']])
  })

  it('does not report a read that fails because its reader has left', async () => {
    const { promise, reject } = Promise.withResolvers<Chunk>()
    const { promise: waiting, resolve: wait } = Promise.withResolvers<void>()
    const { readable, ended, reports } = watch({
      read: () => (wait(), promise),
      cancel: async () => reject(new Error('the stream was cancelled')),
    })
    const reader = readable.getReader()
    const read = reader.read()
    await waiting
    await reader.cancel()
    await Promise.allSettled([read, ended])
    expect(reports).toEqual([])
  })

  it('ends with the report of a source that cannot be cancelled', async () => {
    const { readable, ended, reports } = watch({ cancel: () => Promise.reject(new Error('not closed')) })
    await expect(readable.cancel()).rejects.toThrow('not closed')
    await ended
    expect(reports).toEqual(['not closed'])
  })

  it('ends with a report of a source that never stops', async () => {
    vi.useFakeTimers()
    try {
      const { readable, ended, reports } = watch({ cancel: () => new Promise(() => {}) })
      const left = readable.cancel().catch((error: Error) => error.name)
      await vi.advanceTimersByTimeAsync(5000)
      expect(await left).toBe('TimeoutError')
      await ended
      expect(reports).toEqual(['cancel did not end within 5000 ms'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('ends with the report of a chunk that cannot be sent, also if its source cannot be cancelled', async () => {
    const { readable, ended, reports } = watch(
      { read: () => chunk(bytes('a')), cancel: () => Promise.reject(new Error('not closed')) },
      () => {
        throw new Error('not bytes')
      },
    )
    await expect(new Response(readable).text()).rejects.toThrow()
    await ended
    expect(reports).toEqual(['not bytes'])
  })
})
