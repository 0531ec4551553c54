/** Plans, run by simulated backends, against the engine that the recorded answers of MongoDB prove. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dynamodbLike } from '../../../test/support/planner/dynamodb-like.ts'
import { firestoreLike } from '../../../test/support/planner/firestore-like.ts'
import { memoryBackend } from '../../../test/support/planner/memory-backend.ts'
import { portableAnswer, referenceAnswer } from '../../../test/support/planner/portable-answer.ts'
import { type RawQuestion, type Scene, scene } from '../../../test/support/planner/random-questions.ts'
import { blindBackend, exactBackend, roughBackend } from '../../../test/support/planner/simple-backends.ts'
import type { SimulatedBackend, SimulatedRead } from '../../../test/support/planner/simulated-backend.ts'
import { defineCollection, type FieldType } from '../contract/define-collection.ts'
import { NoSQLFilterError } from '../errors.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { compileSortValues } from '../query/sort.ts'
import type { Document, Value } from '../query/value.ts'
import { factsOf } from './facts.ts'
import type { ReadQuestion } from './read-plan.ts'

const seed = Number(process.env['LEXIGRAM_SEED'] ?? Date.now() % 2 ** 31)
const scenes = Number(process.env['LEXIGRAM_SCENES'] ?? 600)

function questionOf({ filter, sort, after, skip, limit }: RawQuestion, documents: readonly Document[]): ReadQuestion {
  const keys = sort?.map(([path, direction]) => ({ path, direction }))
  const position = after === undefined ? undefined : documents[after]
  return {
    filter: parseFilter(filter),
    sort: keys,
    after: keys === undefined || position === undefined ? undefined : compileSortValues(keys)(position),
    skip,
    limit,
  }
}

/** Undefined for a sort that goes through two arrays of one document, which every backend refuses. */
function expected(documents: readonly Document[], question: ReadQuestion): readonly Document[] | undefined {
  try {
    return referenceAnswer(documents, question)
  } catch (error) {
    if (error instanceof NoSQLFilterError) return undefined
    throw error
  }
}

async function check(
  backend: SimulatedBackend,
  { spec, documents, indexes, questions }: Scene,
): Promise<readonly string[]> {
  const kinds: string[] = []
  const facts = factsOf(spec)
  for (const raw of questions) {
    let question: ReadQuestion
    try {
      question = questionOf(raw, documents)
    } catch (error) {
      if (error instanceof NoSQLFilterError) continue
      throw error
    }
    const answer = expected(documents, question)
    if (answer === undefined) continue
    const read = backend.plan(question, { documents, indexes, facts })
    kinds.push(...kindsOf(read.claims))
    const found = idsOf(await portableAnswer(read, question))
    if (question.sort !== undefined) expect(found).toEqual(idsOf(answer))
    else {
      const matching: readonly unknown[] = idsOf(referenceAnswer(documents, { ...question, skip: 0, limit: Infinity }))
      expect(found).toHaveLength(answer.length)
      expect(new Set(found).size).toBe(found.length)
      expect(found.filter((id) => !matching.includes(id))).toEqual([])
    }
  }
  return kinds
}

const idsOf = (documents: readonly Document[]): readonly (Value | undefined)[] => documents.map(({ _id }) => _id)

/** What plans of the backends are, so that none passes by reading everything. */
const shapes: readonly (readonly [SimulatedBackend, readonly string[]])[] = [
  [exactBackend, ['exact', 'sorted', 'limited', 'access none']],
  [roughBackend, ['exact', 'sorted', 'limited']],
  [blindBackend, []],
  [firestoreLike, ['exact', 'sorted', 'limited', 'positioned', 'access get', 'sort native']],
  [
    dynamodbLike,
    ['exact', 'sorted', 'limited', 'sort index', 'access get', 'access index', 'access union', 'access none'],
  ],
  [memoryBackend, ['exact', 'sorted', 'sort index', 'access get', 'access index', 'access union', 'access none']],
]

describe(`plans (LEXIGRAM_SEED=${seed})`, { timeout: 300_000 }, () => {
  it.each(shapes.map(([backend, seen]) => ({ name: backend.name, backend, seen })))(
    'answer $name as the reference engine does',
    async ({ backend, seen }) => {
      const kinds = new Map<string, number>()
      await fc.assert(
        fc.asyncProperty(scene, async (each) => {
          for (const kind of await check(backend, each)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        }),
        { numRuns: scenes, seed },
      )
      expect(kinds.get('asked')).toBeGreaterThan(scenes)
      expect(seen.filter((kind) => (kinds.get(kind) ?? 0) === 0)).toEqual([])
    },
  )
})

/** Shrunk counter-examples of earlier runs. */
const regressions: Readonly<Record<string, Omit<Scene, 'spec'> & { readonly fields?: Record<string, FieldType> }>> = {
  'a document that the index of one branch finds and another branch asks for comes once': {
    documents: [{ _id: 'a', n: 0 }],
    indexes: [{ name: 'n', key: [['n', 1]] }],
    questions: [asked({ $or: [{ n: { $lte: 0 }, a: {} }, { n: { $in: [0] } }] })],
  },
  'a document that two parts of a long list find comes once, though its fields are not wanted': {
    documents: [{ _id: 'a', l: ['abc'] }],
    indexes: [],
    questions: [asked({ $or: [{ l: /^a/ }, { n: { $in: [1, 2, null, 3] } }, { n: { $exists: false } }] })],
  },
  'null does not match a path through an empty array, which its index knows': {
    documents: [{ _id: 0, l: [] }],
    indexes: [{ name: 'l.x', key: [['l.x', 1]] }],
    questions: [asked({ 'l.x': { $in: [null] } })],
  },
  'a sort through two arrays is refused for documents that match only': {
    documents: [{ _id: 'a', a: [], l: [] }, { _id: 0 }],
    indexes: [],
    questions: [
      {
        ...asked({ l: /^a/ }),
        sort: [
          ['a', 1],
          ['l', 1],
          ['_id', 1],
        ],
        after: 1,
      },
      {
        ...asked({ $nor: [{}] }),
        sort: [
          ['a', 1],
          ['l', 1],
          ['_id', 1],
        ],
      },
    ],
  },
}

function asked(filter: object): RawQuestion {
  return { filter, sort: undefined, skip: 0, limit: Infinity, after: undefined }
}

describe('plans that were wrong once', () => {
  it.each(Object.entries(regressions))('%s', async (_name, { fields = {}, ...found }) => {
    const spec = defineCollection('scene', { fields })
    for (const [backend] of shapes) await check(backend, { ...found, spec })
  })
})

/** What a plan claims and does, in words. */
function kindsOf({ exact, sorted, limited, positioned, explain }: SimulatedRead['claims']): readonly string[] {
  const explanation = explain()
  const claims = { exact, sorted, limited, positioned }
  return [
    'asked',
    `access ${explanation.access === 'index' && explanation.index?.includes('|') === true ? 'union' : explanation.access}`,
    `sort ${explanation.sort}`,
    ...Object.entries(claims).flatMap(([name, claimed]) => (claimed ? [name] : [])),
  ]
}
