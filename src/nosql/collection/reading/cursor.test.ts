import { describe, expect, it } from 'vitest'
import { Cursor } from './cursor.ts'

function source(pages: readonly (readonly number[])[]) {
  const state = { opened: 0, released: 0, read: 0 }
  const open = async function* () {
    state.opened++
    try {
      for (const page of pages) {
        state.read++
        yield page
      }
    } finally {
      state.released++
    }
  }
  return { state, cursor: new Cursor(open) }
}

describe('Cursor', () => {
  it('skips empty pages', async () => {
    const { state, cursor } = source([[], [1, 2], [], [3]])
    expect(state.opened).toBe(0)
    expect(await cursor.toArray()).toEqual([1, 2, 3])
    expect(state).toEqual({ opened: 1, released: 1, read: 4 })
  })

  it('returns one document after the other from next, then null', async () => {
    const { cursor } = source([[], [1, 2], [], [3]])
    expect([await cursor.next(), await cursor.next(), await cursor.next(), await cursor.next()]).toEqual([
      1,
      2,
      3,
      null,
    ])
    expect(cursor.closed).toBe(true)
  })

  it('says whether there is another document without losing it', async () => {
    const { cursor } = source([[1], [2]])
    expect(await cursor.hasNext()).toBe(true)
    expect(await cursor.hasNext()).toBe(true)
    expect(await cursor.toArray()).toEqual([1, 2])
    expect(await cursor.hasNext()).toBe(false)
  })

  it('goes on with next after a loop that read a part', async () => {
    const { cursor } = source([[1, 2, 3]])
    expect(await cursor.next()).toBe(1)
    const rest: number[] = []
    for await (const value of cursor) rest.push(value)
    expect(rest).toEqual([2, 3])
  })

  it('calls back for each document and waits, until the callback returns false', async () => {
    const { state, cursor } = source([[1, 2], [3]])
    const seen: number[] = []
    await cursor.forEach(async (value) => {
      await Promise.resolve()
      seen.push(value)
      return value < 2
    })
    expect(seen).toEqual([1, 2])
    expect(state.released).toBe(1)
  })

  it('maps the documents that were not read yet', async () => {
    const { cursor } = source([[1, 2], [3]])
    await cursor.next()
    expect(await cursor.map((value) => value * 10).toArray()).toEqual([20, 30])
  })

  it('releases what it holds with the mapped cursor', async () => {
    const { state, cursor } = source([[1, 2], [3]])
    await cursor.map((value) => value * 10).toArray()
    const early = source([[1, 2], [3]])
    for await (const value of early.cursor.map(String)) if (value === '1') break
    expect([state.released, early.state.released]).toEqual([1, 1])
  })

  it('passes each document to one of those who read it at the same time', async () => {
    const { state, cursor } = source([[1, 2], [], [3, 4], [5]])
    const asked = await Promise.all(Array.from({ length: 7 }, () => cursor.next()))
    expect(asked).toEqual([1, 2, 3, 4, 5, null, null])
    expect(state).toEqual({ opened: 1, released: 1, read: 4 })
    const shared = source([[1, 2], [3], [4, 5]]).cursor
    const [first, rest, last] = await Promise.all([shared.next(), shared.toArray(), shared.next()])
    expect([first, ...rest, last].filter((value) => value !== null).toSorted()).toEqual([1, 2, 3, 4, 5])
  })

  it('finds nothing once it was closed, also while a page was on its way', async () => {
    const { state, cursor } = source([[1, 2], [3]])
    const waiting = cursor.next()
    await cursor.close()
    expect([await waiting, await cursor.next(), await cursor.hasNext(), await cursor.toArray()]).toEqual([
      null,
      null,
      false,
      [],
    ])
    expect(state.released).toBe(1)
  })

  it('refuses a callback that is not a function', async () => {
    const { cursor } = source([[1]])
    const given = 7 as unknown as () => unknown // as a program in JavaScript may call it
    expect(() => cursor.map(given)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
    await expect(cursor.forEach(given)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('releases what it holds when a loop is left early', async () => {
    const { state, cursor } = source([[1, 2], [3]])
    for await (const value of cursor) if (value === 1) break
    expect(state).toEqual({ opened: 1, released: 1, read: 1 })
    expect(await cursor.next()).toBeNull()
  })

  it('releases what it holds at the end of its scope, also when it was never read', async () => {
    const { state, cursor } = source([[1], [2]])
    {
      await using open = cursor
      await open.next()
    }
    expect(state.released).toBe(1)
    const unread = source([[1]])
    await unread.cursor.close()
    expect(await unread.cursor.toArray()).toEqual([])
    expect(unread.state.opened).toBe(0)
  })

  it('ends with the error of its source', async () => {
    const cursor = new Cursor<number>(() => {
      throw new Error('no')
    })
    await expect(cursor.next()).rejects.toThrow('no')
    expect(await cursor.toArray()).toEqual([])
  })
})
