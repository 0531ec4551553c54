import { describe, expect, it } from 'vitest'
import type { DriverPage } from '../contract/query.ts'
import { parseSort } from '../query/sort.ts'
import type { Document } from '../query/value.ts'
import { type Holder, isAfter, keepOnly, skipAndLimit, sortRuns } from './pages.ts'

type Stream = AsyncIterable<DriverPage<Holder>>

async function* pagesOf(...pages: readonly (readonly Document[])[]): AsyncGenerator<DriverPage<Holder>, void> {
  for (const page of pages) {
    yield { documents: page.map((document) => ({ document })), scanned: page.length, requests: 1 }
  }
}

async function pagesIn(pages: Stream): Promise<readonly (readonly unknown[])[]> {
  const found: (readonly unknown[])[] = []
  for await (const { documents } of pages) found.push(documents.map(({ document }) => document['_id']))
  return found
}

const ids = (...all: readonly number[]): readonly Document[] => all.map((_id) => ({ _id }))

describe('skipAndLimit', () => {
  it.each([
    [0, Infinity, [[1, 2], [3], [4, 5]]],
    [1, 2, [[2], [3]]],
    [2, 2, [[], [3], [4]]],
    [3, Infinity, [[], [], [4, 5]]],
    [9, 1, [[], [], []]],
    [0, 0, []],
  ])('passes %d by, then takes %d', async (skip, limit, expected) => {
    expect(await pagesIn(skipAndLimit(pagesOf(ids(1, 2), ids(3), ids(4, 5)), { skip, limit }))).toEqual(expected)
  })

  it('asks for no page after the last document wanted', async () => {
    let asked = 0
    async function* counted(): AsyncGenerator<DriverPage<Holder>, void> {
      for await (const page of pagesOf(ids(1, 2), ids(3, 4))) {
        asked++
        yield page
      }
    }
    await pagesIn(skipAndLimit(counted(), { skip: 0, limit: 2 }))
    expect(asked).toBe(1)
  })
})

describe('keepOnly', () => {
  it('keeps what the page has cost when it drops documents', async () => {
    const kept = keepOnly(pagesOf(ids(1, 2, 3)), ({ _id }) => _id === 2)
    expect((await kept.next()).value).toEqual({ documents: [{ document: { _id: 2 } }], scanned: 3, requests: 1 })
  })
})

describe('isAfter', () => {
  it('finds what is after a position, ties by _id', () => {
    const after = isAfter(parseSort({ n: -1, _id: 1 }), [5, 2])
    const documents = [
      [6, 9],
      [5, 1],
      [5, 2],
      [5, 3],
      [4, 0],
    ].map(([n = 0, _id = 0]) => ({ n, _id }))
    expect(documents.map(after)).toEqual([false, false, false, true, true])
  })
})

describe('sortRuns', () => {
  const sort = parseSort({ n: 1, _id: 1 })
  const rows = (...all: readonly (readonly [n: number, _id: number])[]) => all.map(([n, _id]) => ({ n, _id }))

  it('puts ties in order that come by descending _id, across pages', async () => {
    const pages = sortRuns(pagesOf(rows([1, 3], [1, 2]), rows([1, 1], [2, 9]), rows([2, 8])), sort)
    expect((await pagesIn(pages)).flat()).toEqual([1, 2, 3, 8, 9])
  })

  it('hands a run on as soon as the next has begun', async () => {
    const pages = sortRuns(pagesOf(rows([1, 2], [1, 1], [2, 5]), rows([3, 7])), sort)
    expect(await pagesIn(pages)).toEqual([[1, 2], [5], [7]])
  })

  it('groups a run by the given test', async () => {
    const cut = (a: Holder, b: Holder) => Math.floor(Number(a.document['n'])) === Math.floor(Number(b.document['n']))
    const pages = sortRuns(pagesOf(rows([1.5, 1], [1.1, 2], [2, 3])), sort, { isSame: cut })
    expect((await pagesIn(pages)).flat()).toEqual([2, 1, 3])
  })

  it('holds few more documents of a run than will do', async () => {
    const descending = Array.from({ length: 1000 }, (_, at) => [1, 1000 - at] as const)
    const pages = sortRuns(pagesOf(rows(...descending), rows([2, 7])), sort, { enough: 2 })
    expect((await pagesIn(pages)).flat()).toEqual([1, 2, 7])
  })
})
