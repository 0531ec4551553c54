/** Random filters, sorts, positions and pages, answered through the driver and by the engine in memory. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithFirestore, withShuffledMaps } from '../../../../test/support/firestore-emulator.ts'
import { portableAnswer, referenceAnswer } from '../../../../test/support/planner/portable-answer.ts'
import { type RawQuestion, type Scene, scene } from '../../../../test/support/planner/random-questions.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import type { DriverQuery } from '../../contract/query.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import { compileSortValues } from '../../query/sort.ts'
import type { Document } from '../../query/value.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

const seed = Number(process.env['LEXIGRAM_SEED'] ?? Date.now() % 2 ** 31)
const scenes = Number(process.env['LEXIGRAM_SCENES'] ?? 150)
const now = { now: 0 }

function queryOf({ filter, sort, after, skip, limit }: RawQuestion, documents: readonly Document[]): DriverQuery {
  const keys = sort?.map(([path, direction]) => ({ path, direction }))
  const position = after === undefined ? undefined : documents[after]
  const parsed = parseFilter(filter)
  return {
    filter: parsed,
    matches: compileFilter(parsed),
    sort: keys,
    after: keys === undefined || position === undefined ? undefined : compileSortValues(keys)(position),
    skip,
    limit,
    needs: 'keys',
  }
}

/** Undefined for what every backend refuses, such as a sort through two arrays. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof NoSQLFilterError) return undefined
    throw error
  }
}

const idsOf = (documents: readonly Document[]): readonly unknown[] => documents.map(({ _id }) => _id)

describeWithFirestore((emulator) => {
  const driver = firestore({ fetch: withShuffledMaps })
  const config = () => ({ projectId: 'agreement', emulatorHost: emulator().host })
  let collections = 0

  async function check({ spec, documents, questions }: Omit<Scene, 'indexes'>): Promise<readonly string[]> {
    const name = `scene${collections++}`
    await using store = createDocumentStore(driver, { config: config() })
    if (documents.length > 0)
      await store.collection(defineCollection(name, { fields: spec.fields })).insertMany(documents)
    const collection = await driver.open({ config: config() }).collection(name, spec, now)
    const kinds: string[] = []
    for (const raw of questions) {
      const question = attempt(() => queryOf(raw, documents))
      const answer = question && attempt(() => referenceAnswer(documents, question))
      if (question === undefined || answer === undefined) continue
      const plan = await collection.plan(question, now)
      kinds.push(...kindsOf(plan))
      const found = idsOf(await portableAnswer({ claims: plan, pages: plan.read(now) }, question))
      if (question.sort === undefined) {
        const all = idsOf(referenceAnswer(documents, { ...question, skip: 0, limit: Infinity }))
        expect(found).toHaveLength(answer.length)
        expect(new Set(found).size).toBe(found.length)
        expect(found.filter((id) => !all.includes(id))).toEqual([])
      } else expect(found).toEqual(idsOf(answer))
      const counted = await collection.count?.({ ...question, sort: undefined, after: undefined }, now)
      const { filter, skip, limit } = question
      const expected = referenceAnswer(documents, { filter, skip, limit }).length
      if (counted !== undefined) expect(counted).toBe(expected)
      if (counted !== undefined) kinds.push('counted')
    }
    return kinds
  }

  describe(`Firestore and memory (LEXIGRAM_SEED=${seed})`, () => {
    it('answer every question alike', { timeout: 300_000 }, async () => {
      const kinds = new Map<string, number>()
      const property = fc.asyncProperty(scene, async (each) => {
        for (const kind of await check(each)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      })
      await fc.assert(property, { numRuns: scenes, seed })
      const wanted = ['exact', 'sorted', 'limited', 'positioned', 'get', 'index', 'scan', 'sort index', 'counted']
      expect(wanted.filter((kind) => (kinds.get(kind) ?? 0) === 0)).toEqual([])
    })
  })

  /** Shrunk counter-examples of earlier runs. */
  const regressions: Readonly<Record<string, () => Omit<Scene, 'indexes'>>> = {
    'an _id beside a range, counted and in a branch': () => ({
      spec: defineCollection('scene', { fields: { n: 'number', f: 'boolean' } }),
      documents: [
        { _id: 1, n: 1, f: true },
        { _id: 2, n: 2 },
      ],
      questions: [
        { f: { $gt: false }, _id: { $eq: 1 } },
        { n: { $gte: 1 }, $or: [{ _id: 2 }, { f: true }] },
      ].map((filter) => ({ filter, sort: undefined, skip: 0, limit: Infinity, after: undefined })),
    }),
    'ranges in one branch of an or, of documents without the field': () => ({
      spec: defineCollection('scene', { fields: { n: 'number', d: 'date' } }),
      documents: [
        { _id: 1, n: 0 },
        { _id: 2, n: 0, d: new Date(0) },
      ],
      questions: [{ $or: [{ n: { $gte: 0, $lt: 1 } }, { n: 0, d: { $gte: new Date(0) } }] }].map((filter) => ({
        ...{ filter, sort: undefined, skip: 0, limit: Infinity, after: undefined },
      })),
    }),
    'ranges of different fields, side by side': () => ({
      spec: defineCollection('scene', { fields: { n: 'number', s: 'string' } }),
      documents: [
        { _id: 1, n: 5 },
        { _id: 2, s: 'b' },
        { _id: 3, n: 5, s: 'b', a: 1 },
        { _id: 4, n: 1, s: 'a' },
      ],
      questions: [{ a: 1 }, {}].flatMap((rest) =>
        (
          [
            undefined,
            [['_id', 1]],
            [
              ['n', -1],
              ['_id', 1],
            ],
          ] as const
        ).map((sort) => ({
          ...{
            filter: { ...rest, $or: [{ n: { $gt: 2 } }, { s: { $gt: 'a' } }] },
            skip: 1,
            limit: 2,
            after: undefined,
          },
          sort,
        })),
      ),
    }),
    'dates that Firestore cannot hold': () => ({
      spec: defineCollection('scene', { fields: { d: 'date' } }),
      documents: [
        { _id: 1, d: new Date('0001-01-01T00:00:00Z') },
        { _id: 2, d: new Date('9999-12-31T23:59:59.999Z') },
      ],
      questions: [{ $gte: new Date(-8.64e15) }, { $lte: new Date(8.64e15) }, { $gt: new Date(8.64e15) }].map(
        (asked) => ({
          ...{ filter: { d: asked }, sort: undefined, skip: 0, limit: Infinity, after: undefined },
        }),
      ),
    }),
    'a name with a carriage return': () => ({
      spec: defineCollection('scene', { fields: { 'a\rb': 'number' } }),
      documents: [1, 2, 3].map((_id) => ({ _id, 'a\rb': _id })),
      questions: [{ 'a\rb': 2 }, { 'a\rb': { $gte: 2 } }].map((filter) => ({
        ...{ filter, skip: 0, limit: Infinity, after: undefined },
        sort: [['a\rb', -1]],
      })),
    }),
    'pages of one date, downwards': () => ({
      spec: defineCollection('scene', { fields: { d: 'date' } }),
      documents: [1, 2, 3, 4, 5].map((_id) => ({ _id, d: new Date(_id < 4 ? 5 : 6) })),
      questions: [0, 1, 2, 3, 4].map((after) => ({
        ...{ filter: { d: { $gte: new Date(0) } }, skip: 0, limit: 2, after },
        sort: [
          ['d', -1],
          ['_id', 1],
        ],
      })),
    }),
  }

  describe('questions that were answered wrong once', () => {
    it.each(Object.entries(regressions))('%s', async (_name, each) => {
      await check(each())
    })
  })
})

/** What a plan claims, in words, so that none passes by reading everything. */
function kindsOf({ exact, sorted, limited, positioned, explain }: Parameters<typeof portableAnswer>[0]['claims']) {
  const explanation = explain()
  const claims = { exact, sorted, limited, positioned }
  return [
    explanation.access,
    `sort ${explanation.sort}`,
    ...Object.entries(claims).flatMap(([name, claimed]) => (claimed ? [name] : [])),
  ]
}
