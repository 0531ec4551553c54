import type { Collection } from '../../../nosql/collection/collection.ts'
import type { BulkOperation } from '../../../nosql/collection/writing/bulk-operations.ts'
import type { Given, Row } from './row.ts'
import { queries } from './shared-cells.ts'
import { replaceOne, updateMany, updateOne } from './writes.ts'

type OperationName = BulkOperation extends infer Each ? (Each extends unknown ? keyof Each : never) : never

/** What comes with the filter and the change. */
type OptionsOf<Name extends OperationName> = Omit<
  Extract<BulkOperation, Readonly<Record<Name, unknown>>>[Name],
  'filter' | 'update' | 'replacement' | 'document'
>

const of =
  (operation: (options: object, given: Given) => BulkOperation) =>
  (items: Collection, options: object, given: Given): Promise<unknown> =>
    items.bulkWrite([operation(options, given)])

/** What one operation of a bulk write may say for itself. */
const own = { let: queries.let, mongodb: queries.mongodb }

export const bulkOperations: { readonly [Name in OperationName]: Row<OptionsOf<Name>> } = {
  insertOne: {
    run: of((options, { documents: [document] = [{ _id: 9 }] }) => ({
      insertOne: { document: document ?? {}, ...options },
    })),
    cells: {},
  },
  updateOne: {
    run: of((options, { filter, update }) => ({ updateOne: { filter, update, ...options } })),
    cells: {
      ...own,
      upsert: updateOne.cells.upsert,
      arrayFilters: updateOne.cells.arrayFilters,
      sort: updateOne.cells.sort,
    },
  },
  updateMany: {
    run: of((options, { filter, update }) => ({ updateMany: { filter, update, ...options } })),
    cells: { ...own, upsert: updateMany.cells.upsert, arrayFilters: updateMany.cells.arrayFilters },
  },
  replaceOne: {
    run: of((options, { filter }) => ({ replaceOne: { filter, replacement: { replaced: true }, ...options } })),
    cells: { ...own, upsert: replaceOne.cells.upsert, sort: replaceOne.cells.sort },
  },
  deleteOne: { run: of((options, { filter }) => ({ deleteOne: { filter, ...options } })), cells: own },
  deleteMany: { run: of((options, { filter }) => ({ deleteMany: { filter, ...options } })), cells: own },
}
