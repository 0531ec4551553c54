import { describe, expect, it } from 'vitest'
import { chainAhead } from './chain-ahead.ts'

/** Streams of two pages each, and what became of them. */
function streams(count: number) {
  const begun: number[] = []
  const left: number[] = []
  const open = (stream: number) =>
    async function* pages(): AsyncGenerator<string, void> {
      begun.push(stream)
      try {
        yield `${stream}a`
        yield `${stream}b`
      } finally {
        left.push(stream)
      }
    }
  return { begun, left, all: Array.from({ length: count }, (_, stream) => open(stream)) }
}

async function allOf(pages: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = []
  for await (const page of pages) all.push(page)
  return all
}

describe('streams that are read ahead', () => {
  it('come one after the other', async () => {
    const pages = await allOf(chainAhead(streams(3).all, (at) => at + 1))
    expect(pages).toEqual(['0a', '0b', '1a', '1b', '2a', '2b'])
  })

  it('are begun as far as they are allowed to', async () => {
    const { begun, all } = streams(9)
    const pages = chainAhead(all, (at) => at + 2)
    await pages.next()
    expect(begun).toEqual([0, 1, 2])
    await pages.return()
  })

  it('are closed when reading stops early', async () => {
    const { left, all } = streams(9)
    for await (const _page of chainAhead(all, (at) => at + 2)) break
    expect(left).toEqual([0, 1, 2])
  })

  it('end with the error of the one that is read', async () => {
    const { left, all } = streams(3)
    const broken = async function* (): AsyncGenerator<string, void> {
      yield 'first'
      throw new Error('gone')
    }
    const reading = allOf(chainAhead([broken, ...all], (at) => at + 1))
    await expect(reading).rejects.toThrow('gone')
    expect(left).toEqual([0])
  })

  it('keep the error of one that is never reached to themselves', async () => {
    const broken = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('gone')) }) })
    for await (const page of chainAhead<string>([...streams(1).all, broken], () => 1)) {
      expect(page).toBe('0a')
      break
    }
  })
})
