import { describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import { sortDocuments } from '../../query/sort.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import type { Document } from '../../query/value.ts'
import { firestore } from './firestore-driver.ts'
import type { NativeFilter } from './dialect.ts'
import { comparedPaths, inequalityPaths, type EitherFilter, type StructuredQuery } from './reading/query.ts'

const names = Array.from({ length: 12 }, (_, n) => `n${n}`)
const wide = defineCollection<Document>('wide', { fields: Object.fromEntries(names.map((name) => [name, 'number'])) })
const longName = 'é'.repeat(750)
const upTo = (length: number): readonly number[] => Array.from({ length }, (_, n) => n)

/** Google refuses what is over a limit: the emulator answers each of these. */
const filters: Readonly<Record<string, Document>> = {
  '31 values of a list': { n0: { $in: upTo(31) } },
  '200 values of a list': { n0: { $in: upTo(200) } },
  '16 values where each asks twice': { tag: { $in: upTo(16).map(String) } },
  'lists that multiply to more than 30': { n0: { $in: upTo(8) }, n1: { $in: upTo(8) } },
  '40 branches': { $or: upTo(40).map((n) => ({ n0: n })) },
  '40 branches of ranges': { $or: upTo(40).map((n) => ({ n0: { $gte: n, $lt: n + 1 } })) },
  '12 fields of ranges': Object.fromEntries(names.map((name) => [name, { $gte: 0 }])),
  '120 conditions': { $and: upTo(120).map((n) => ({ n0: { $gte: -n } })) },
  'branches of 8 conditions': {
    $or: upTo(20).map((n) => Object.fromEntries(names.slice(0, 8).map((name) => [name, n % 7]))),
  },
  'two fields that may hold arrays': { tag: '1', other: 'x' },
  'NOT IN of 20 values': { n0: { $nin: upTo(20) } },
  'a text of 1,500 bytes': { tag: 'é'.repeat(750) },
  'a text of 20,000 bytes': { tag: 'x'.repeat(20_000) },
  'a path of 1,500 bytes': { [longName]: { $gte: 1 } },
  'no path of 1,500 bytes': { [longName]: null, tag: '1' },
  'a value at a name that Firestore keeps': { $or: [{ __x__: 1 }, { n0: 1 }] },
  'no value at a name that Firestore keeps': { 'o.__x__': { $exists: false }, __name__: { $ne: 'x' } },
  'a list with a long text': { tag: { $in: ['1', 'x'.repeat(20_000)] } },
}

const documents: readonly Document[] = [
  ...upTo(60).map((n): Document => ({
    _id: n,
    tag: n % 2 === 0 ? String(n % 20) : [String(n % 20), 'y'],
    other: 'x',
    ...Object.fromEntries(names.map((name, at) => [name, (n + at) % 7])),
  })),
  { _id: 'long', tag: 'x'.repeat(20_000), n0: 3 },
  { _id: 'longer', tag: 'x'.repeat(20_001), n0: 3 },
  { _id: 'short', tag: 'é'.repeat(750), [longName]: 1 },
]

describeWithFirestore((emulator) => {
  const open = () =>
    createDocumentStore(firestore(), { config: { projectId: 'limits', emulatorHost: emulator().host } })

  describe('a question that is over a limit of one query', () => {
    it.each(Object.entries(filters))('%s', async (_name, filter) => {
      await using store = open()
      const collection = store.collection(wide)
      if ((await collection.countDocuments({})) === 0) await collection.insertMany(documents)
      const expected = documents.filter(compileFilter(parseFilter(filter))).map(({ _id }) => _id)
      const found = await collection.find(filter, { sort: { _id: 1 }, scans: 'allow' }).toArray()
      expect(new Set(found.map(({ _id }) => _id))).toEqual(new Set(expected))
      expect(found).toHaveLength(expected.length)
      expect(await collection.countDocuments(filter)).toBe(expected.length)
      const { native } = await collection.explain(filter)
      for (const { where, orderBy } of native as readonly StructuredQuery[]) {
        expect(inequalityPaths(where).length).toBeLessThanOrEqual(10)
        expect(comparedPaths(where).length + orderBy.length).toBeLessThanOrEqual(100)
        expect(disjunctions(where)).toBeLessThanOrEqual(30)
      }
    })

    it('longer lists are merged in the order asked for', async () => {
      await using store = open()
      const collection = store.collection(wide)
      const filter = { n0: { $in: upTo(100) } }
      const options = { sort: { n0: -1, _id: 1 }, skip: 3, limit: 20 } as const
      const explanation = await collection.explain(filter, options)
      expect(explanation).toMatchObject({ sort: 'index', residual: [], estimatedRequests: 4 })
      const found = await collection.find(filter, options).toArray()
      const sorted = sortDocuments(
        documents.filter(({ n0 }) => typeof n0 === 'number'),
        [
          { path: 'n0', direction: -1 },
          { path: '_id', direction: 1 },
        ],
      )
      expect(found.map(({ _id }) => _id)).toEqual(sorted.slice(3, 23).map(({ _id }) => _id))
    })
  })
})

/** As Firestore counts them: the ways in which the filter can hold, each value of a list being one. */
function disjunctions(filter: NativeFilter | undefined): number {
  const { fieldFilter, compositeFilter } = (filter ?? {}) as EitherFilter & { fieldFilter?: { value?: unknown } }
  if (compositeFilter !== undefined) {
    const parts = compositeFilter.filters.map(disjunctions)
    return parts.reduce((all, part) => (compositeFilter.op === 'OR' ? all + part : all * part))
  }
  const { arrayValue } = (fieldFilter?.value ?? {}) as { arrayValue?: { values: readonly unknown[] } }
  const isList = fieldFilter?.op === 'IN' || fieldFilter?.op === 'ARRAY_CONTAINS_ANY'
  return isList ? (arrayValue?.values.length ?? 1) : 1
}
