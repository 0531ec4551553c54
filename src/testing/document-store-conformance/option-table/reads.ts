import type { Document } from '../../../nosql/query/value.ts'
import { assertEqual, assertFails } from '../assert.ts'
import type { At, Cell, OptionsOf, Row } from './row.ts'
import {
  budget,
  calls,
  field,
  list,
  makes,
  ofPipeline,
  ofQuery,
  queries,
  refuses,
  refusesEndedSession,
} from './shared-cells.ts'

type Outcome = Awaited<ReturnType<At['outcome']>>

const ids = ({ result: found }: Outcome) => list(found).map((document) => field(document, '_id'))
const result = (outcome: Outcome) => outcome.result
const items = ({ result: page }: Outcome) => list(field(page, 'items'))
const backwards = { sort: { n: -1 } }
const onlyN = { projection: { n: 1, _id: 0 } }

export const find: Row<OptionsOf<'find'>> = {
  run: (collection, options, { filter }) => collection.find(filter, options).toArray(),
  cells: {
    ...queries,
    sort: makes(backwards, {}, ids)([3, 2, 1]),
    skip: makes({ skip: 1, sort: { _id: 1 } }, {}, ids)([2, 3]),
    limit: makes({ limit: 2, ...backwards }, {}, ids)([3, 2]),
    projection: makes({ ...onlyN, ...backwards }, {}, result)([{ n: 3 }, { n: 2 }, { n: 1 }]),
  },
}

const idOf = ({ result: found }: Outcome) => field(found, '_id')

export const findOne: Row<OptionsOf<'findOne'>> = {
  run: (collection, options, { filter }) => collection.findOne(filter, options),
  cells: {
    ...queries,
    sort: makes(backwards, {}, idOf)(3),
    skip: makes({ skip: 1, ...backwards }, {}, idOf)(2),
    projection: makes({ ...onlyN, ...backwards }, {}, result)({ n: 3 }),
  },
}

const { mongodb: _ofOneQuery, ...portable } = queries

export const findPage: Row<OptionsOf<'findPage'>> = {
  run: (collection, options, { filter }) => collection.findPage(filter, options),
  cells: {
    ...portable,
    sort: makes(backwards, {}, (outcome) => items(outcome).map((document) => field(document, '_id')))([3, 2, 1]),
    limit: makes({ limit: 1, ...backwards }, {}, (outcome) => items(outcome).length)(1),
    projection: makes({ ...onlyN, ...backwards }, {}, items)([{ n: 3 }, { n: 2 }, { n: 1 }]),
    async after(at) {
      const { result: first } = await at.outcome({ limit: 1 })
      const next = await at.outcome({ limit: 1, after: field(first, 'next') })
      assertEqual(field(items(next)[0], '_id'), 2, at.what)
      await refuses(at, { after: 'not a cursor' }, 'LEX_ERR_DOM_001')
    },
  },
}

export const countDocuments: Row<OptionsOf<'countDocuments'>> = {
  run: (collection, options, { filter }) => collection.countDocuments(filter, options),
  cells: { ...queries, skip: makes({ skip: 1 }, {}, result)(2), limit: makes({ limit: 2 }, {}, result)(2) },
}

/** What the backend knows of itself costs no document. */
const unlessKnown =
  (options: object, code: string): Cell =>
  async (at) => {
    await at.reset()
    const known = await at.call(options).catch(() => undefined)
    if (known === undefined) await refuses(at, options, code)
    else assertEqual(known, 3, `${at.what}: the estimate`)
  }

export const estimatedDocumentCount: Row<OptionsOf<'estimatedDocumentCount'>> = {
  run: (collection, options) => collection.estimatedDocumentCount(options),
  cells: {
    ...calls,
    session: queries.session,
    scans: unlessKnown({ scans: 'deny' }, 'LEX_ERR_NOSQL_009'),
    budget: { ...budget, maxDocuments: unlessKnown({ budget: { maxDocuments: 0 } }, 'LEX_ERR_NOSQL_010') },
  },
}

export const distinct: Row<OptionsOf<'distinct'>> = {
  run: (collection, options, { filter }) => collection.distinct('n', filter, options),
  cells: queries,
}

/** Where the server runs pipelines, it says neither what it reads nor what it makes. */
const exceedsInEngine =
  (options: object, stages: readonly Document[]): Cell =>
  async (at) => {
    const isServed = at.store.capabilities.evaluates === 'server'
    const code = isServed ? 'LEX_ERR_NOSQL_009' : 'LEX_ERR_NOSQL_010'
    await at.reset()
    await assertFails(() => at.call(options, { stages }), code, { what: at.what })
  }

const unwound = [{ $unwind: '$list' }]

export const aggregate: Row<OptionsOf<'aggregate'>> = {
  run: (collection, options, { filter, stages }) =>
    collection.aggregate([{ $match: filter }, ...stages, { $sort: { _id: 1 } }], options).toArray(),
  cells: {
    ...queries,
    mongodb: ofPipeline,
    budget: { ...budget, maxDocuments: exceedsInEngine({ budget: { maxDocuments: 0 } }, []) },
    pipelineBudget: {
      maxDocuments: exceedsInEngine({ pipelineBudget: { maxDocuments: 0 } }, unwound),
      maxBytes: exceedsInEngine({ pipelineBudget: { maxBytes: 0 } }, unwound),
      maxSteps: exceedsInEngine({ pipelineBudget: { maxSteps: 0 } }, unwound),
    },
    async longs(at) {
      const stages = [{ $project: { big: { $literal: 5n } } }, { $limit: 1 }]
      assertEqual(typeof (await bigOf(at, {}, stages)), 'number', `${at.what}: a 64-bit integer`)
      assertEqual(typeof (await bigOf(at, { longs: 'bigint' }, stages)), 'bigint', at.what)
    },
  },
}

async function bigOf(at: At, options: object, stages: readonly Document[]): Promise<unknown> {
  const { result: rows } = await at.outcome(options, { stages })
  return field(list(rows)[0], 'big')
}

const wrong =
  (options: object): Cell =>
  (at) =>
    refuses(at, options, 'LEX_ERR_NOSQL_007')

/** Nothing of it is read: options are looked at as those of a find are. */
export const explain: Row<OptionsOf<'explain'>> = {
  run: (collection, options, { filter }) => collection.explain(filter, options),
  cells: {
    ...calls,
    session: refusesEndedSession,
    let: wrong({ let: { $a: 1 } }),
    mongodb: { ...ofQuery, filter: ofQuery.comment },
    sort: async (at) => {
      assertEqual(field(await at.call(backwards), 'sort') === 'none', false, at.what)
    },
    skip: wrong({ skip: -1 }),
    limit: wrong({ limit: -1 }),
    projection: wrong({ projection: { n: 1, s: 0 } }),
  },
}
