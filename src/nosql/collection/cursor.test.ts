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
  it('opens nothing before it is read, and skips empty pages', async () => {
    const { state, cursor } = source([[], [1, 2], [], [3]])
    expect(state.opened).toBe(0)
    expect(await cursor.toArray()).toEqual([1, 2, 3])
    expect(state).toEqual({ opened: 1, released: 1, read: 4 })
  })

  it('releases what it holds when a loop is left early', async () => {
    const { state, cursor } = source([[1, 2], [3]])
    for await (const value of cursor) if (value === 1) break
    expect(state).toEqual({ opened: 1, released: 1, read: 1 })
    expect(await cursor.next()).toEqual({ done: true, value: undefined })
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
