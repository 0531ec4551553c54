import { assertEqual, assertFails } from '../assert.ts'
import type { At, Cell, OptionsOf, Row } from './row.ts'
import { calls, field, makes, queries, stored } from './shared-cells.ts'

type Outcome = Awaited<ReturnType<At['outcome']>>

const backwards = { sort: { n: -1 } }
const result = (outcome: Outcome) => outcome.result
const changedIds = ({ documents }: Outcome) =>
  documents
    .filter((document) => JSON.stringify(document) !== JSON.stringify(stored[Number(document['_id']) - 1]))
    .map(({ _id }) => _id)
const count = ({ documents }: Outcome) => documents.length

/** With two of which the first is refused, the second is stored where the order does not count. */
const ordered: Cell = async (at) => {
  const documents = [{ _id: 1 }, { _id: 9 }]
  for (const [options, left] of [
    [{ ordered: true }, 3],
    [{ ordered: false }, 4],
  ] as const) {
    await at.reset()
    await assertFails(() => at.call(options, { documents }), 'LEX_ERR_NOSQL_011', { what: at.what })
    assertEqual((await at.documents()).length, left, at.what)
  }
}

/** In the transaction that has the document already it is a duplicate; by itself it is not. */
const insertsWithin: Cell = async (at) => {
  if (at.store.capabilities.transaction.kind === 'none') return
  await at.reset()
  const duplicate = at.store.withSession((session) =>
    session.withTransaction(async () => {
      await at.items.insertOne({ _id: 9 }, { session })
      await at.call({ session })
    }),
  )
  const refused = await duplicate.then(
    () => false,
    () => true,
  )
  assertEqual([refused, await at.documents()], [true, stored], at.what)
}

export const insertOne: Row<OptionsOf<'insertOne'>> = {
  run: (items, options, { documents: [document] = [{ _id: 9 }] }) => items.insertOne(document ?? {}, options),
  cells: { ...calls, session: insertsWithin },
}

export const insertMany: Row<OptionsOf<'insertMany'>> = {
  run: (items, options, { documents = [{ _id: 9 }] }) => items.insertMany(documents, options),
  cells: { ...calls, session: insertsWithin, ordered },
}

const missing = { filter: { n: 9 } }
const upsert = makes({ upsert: true }, missing, count)(4)
const arrayFilters = makes(
  { arrayFilters: [{ big: { $gt: 2 } }] },
  { filter: { n: 2 }, update: { $set: { 'list.$[big]': 0 } } },
  ({ documents }) => documents[1]?.['list'],
)([1, 0])
const sort = makes(backwards, {}, changedIds)([3])

export const updateOne: Row<OptionsOf<'updateOne'>> = {
  run: (items, options, { filter, update }) => items.updateOne(filter, update, options),
  cells: { ...queries, upsert, arrayFilters, sort },
}

export const updateMany: Row<OptionsOf<'updateMany'>> = {
  run: (items, options, { filter, update }) => items.updateMany(filter, update, options),
  cells: { ...queries, upsert, arrayFilters },
}

export const replaceOne: Row<OptionsOf<'replaceOne'>> = {
  run: (items, options, { filter }) => items.replaceOne(filter, { replaced: true }, options),
  cells: { ...queries, upsert, sort },
}

export const deleteOne: Row<OptionsOf<'deleteOne'>> = {
  run: (items, options, { filter }) => items.deleteOne(filter, options),
  cells: queries,
}

export const deleteMany: Row<OptionsOf<'deleteMany'>> = {
  run: (items, options, { filter }) => items.deleteMany(filter, options),
  cells: queries,
}

const found = {
  sort: makes(backwards, {}, ({ result: document }) => field(document, '_id'))(3),
  projection: makes({ projection: { n: 1, _id: 0 }, ...backwards }, {}, result)({ n: 3 }),
  includeResultMetadata: makes({ includeResultMetadata: true }, {}, ({ result: all }) => field(all, 'ok'))(1),
}

const after = (name: string): Cell =>
  makes({ returnDocument: 'after', ...backwards }, {}, ({ result: document }) => field(document, name))(true)

export const findOneAndUpdate: Row<OptionsOf<'findOneAndUpdate'>> = {
  run: (items, options, { filter, update }) => items.findOneAndUpdate(filter, update, options),
  cells: { ...queries, ...found, upsert, arrayFilters, returnDocument: after('done') },
}

export const findOneAndReplace: Row<OptionsOf<'findOneAndReplace'>> = {
  run: (items, options, { filter }) => items.findOneAndReplace(filter, { replaced: true }, options),
  cells: { ...queries, ...found, upsert, returnDocument: after('replaced') },
}

export const findOneAndDelete: Row<OptionsOf<'findOneAndDelete'>> = {
  run: (items, options, { filter }) => items.findOneAndDelete(filter, options),
  cells: { ...queries, ...found },
}

const { mongodb: _ofEach, ...ofWhole } = queries

export const bulkWrite: Row<OptionsOf<'bulkWrite'>> = {
  run: (items, options, { filter, update, documents = [] }) =>
    items.bulkWrite(
      [...documents.map((document) => ({ insertOne: { document } })), { updateOne: { filter, update } }],
      options,
    ),
  cells: { ...ofWhole, ordered },
}
