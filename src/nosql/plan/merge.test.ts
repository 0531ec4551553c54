import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DriverPage } from '../contract/query.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { parseSort, sortDocuments } from '../query/sort.ts'
import type { Document } from '../query/value.ts'
import { chainPages, mergePages, takesFirst } from './merge.ts'
import type { Holder } from './pages.ts'

type Stream = AsyncIterable<DriverPage<Holder>>

/** A backend's answer, which says what has been asked for and whether it was let go. */
function answer(documents: readonly Document[], size = 2) {
  const seen = { pages: 0, released: false }
  async function* pages(): AsyncGenerator<DriverPage<Holder>, void> {
    try {
      for (let at = 0; at < documents.length; at += size) {
        seen.pages++
        const page = documents.slice(at, at + size).map((document) => ({ document }))
        yield { documents: page, scanned: page.length, requests: 1 }
      }
    } finally {
      seen.released = true
    }
  }
  return { seen, pages: pages() }
}

async function idsOf(pages: Stream): Promise<readonly unknown[]> {
  const ids: unknown[] = []
  for await (const { documents } of pages) ids.push(...documents.map(({ document }) => document['_id']))
  return ids
}

const byN = parseSort({ n: 1, _id: 1 })
const numbered = (...numbers: readonly number[]): readonly Document[] => numbers.map((n) => ({ _id: n, n }))

describe('merged pages', () => {
  it('have a document of several streams once, in order', async () => {
    const documents = fc.uniqueArray(fc.record({ _id: fc.nat(30), n: fc.nat(4) }), { selector: ({ _id }) => _id })
    const split = fc.tuple(
      documents,
      fc.array(fc.array(fc.boolean(), { minLength: 31, maxLength: 31 }), { minLength: 1, maxLength: 4 }),
    )
    await fc.assert(
      fc.asyncProperty(split, fc.integer({ min: 1, max: 5 }), async ([all, parts], size) => {
        const streams = parts.map((part) =>
          sortDocuments(
            all.filter(({ _id }) => part[_id] === true),
            byN,
          ),
        )
        const expected = sortDocuments(
          all.filter(({ _id }) => parts.some((part) => part[_id] === true)),
          byN,
        )
        const merged = mergePages(
          streams.map((stream) => answer(stream, size).pages),
          byN,
        )
        expect(await idsOf(merged)).toEqual(expected.map(({ _id }) => _id))
      }),
    )
  })

  it('ask for a further page of those streams only that have run out', async () => {
    const low = answer(numbered(1, 2, 3, 4, 5, 6))
    const high = answer(numbered(10, 11, 12, 13))
    const merged = mergePages([low.pages, high.pages], byN)
    await merged.next()
    expect([low.seen.pages, high.seen.pages]).toEqual([1, 1])
    await merged.next()
    await merged.next()
    expect([low.seen.pages, high.seen.pages]).toEqual([3, 1])
    await merged.return()
  })

  it('let all streams go when reading stops early', async () => {
    const answers = [answer(numbered(1, 2, 3)), answer(numbered(4, 5, 6)), answer([])]
    for await (const _page of mergePages(
      answers.map(({ pages }) => pages),
      byN,
    ))
      break
    expect(answers.map(({ seen }) => seen.released)).toEqual([true, true, true])
  })

  it('fail with the error of a stream', async () => {
    const good = answer(numbered(1, 2, 3))
    async function* broken(): Stream & AsyncGenerator<DriverPage<Holder>, void> {
      yield { documents: numbered(2).map((document) => ({ document })), scanned: 1, requests: 1 }
      throw new Error('the network is gone')
    }
    await expect(idsOf(mergePages([good.pages, broken()], byN))).rejects.toThrow('the network is gone')
    expect(good.seen.released).toBe(true)
  })

  it('count what all streams have cost', async () => {
    let [scanned, requests] = [0, 0]
    const merged = mergePages([answer(numbered(1, 2, 3)).pages, answer(numbered(2, 3, 4, 5)).pages], byN)
    for await (const page of merged) {
      scanned += page.scanned
      requests += page.requests
    }
    expect([scanned, requests]).toEqual([7, 4])
  })
})

describe('chained pages', () => {
  it('ask for no stream that is not reached', async () => {
    const answers = [answer(numbered(1, 2)), answer(numbered(3))]
    for await (const _page of chainPages(answers.map(({ pages }) => pages))) break
    expect(answers.map(({ seen }) => seen.pages)).toEqual([1, 0])
  })

  it('come one stream after the other', async () => {
    expect(await idsOf(chainPages([answer(numbered(3, 1)).pages, answer(numbered(2)).pages]))).toEqual([3, 1, 2])
  })

  it('take a document from the first stream whose filter it satisfies, whatever else a stream brings', async () => {
    const takes = takesFirst([parseFilter({ n: { $lt: 3 } }), parseFilter({ n: { $gt: 1 } })])
    const all = numbered(1, 2, 3)
    expect(await idsOf(chainPages([answer(all).pages, answer(all).pages], takes))).toEqual([1, 2, 3])
    expect(await idsOf(chainPages([answer(numbered(9)).pages, answer(numbered(9)).pages], takes))).toEqual([9])
  })
})
