import type { DriverContext } from '../../contract/context.ts'
import { createTable, type NewTables } from './collections.ts'
import { DynamoFailure, toReadError } from './errors.ts'
import type { Place } from './place.ts'

/** Whether a failure, or what it was made of, says that there is no such table. Nothing was done then. */
export function isTableMissing(error: unknown): boolean {
  const failure = error instanceof Error && !(error instanceof DynamoFailure) ? error.cause : error
  return failure instanceof DynamoFailure && failure.code === 'ResourceNotFoundException'
}

interface Tables extends NewTables {
  readonly createTables: boolean
}

interface Work<T> {
  readonly context: DriverContext
  readonly work: () => Promise<T>
}

/** In development, work that finds no table is done again when there is one. It costs nothing where the tables are there. */
export async function inTable<T>(tables: Tables, places: readonly Place[], { context, work }: Work<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!tables.createTables || !isTableMissing(error)) throw error
  }
  await makeTables(tables, places, context)
  return work()
}

export async function makeTables(tables: NewTables, places: readonly Place[], context: DriverContext): Promise<void> {
  try {
    for (const table of new Set(places.map((place) => place.table))) await createTable(tables, table, context)
  } catch (error) {
    throw toReadError(error)
  }
}

/** Where tables are created by writes, one that is missing has no documents. */
export async function* readOrNothing<T>(pages: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* pages
  } catch (error) {
    if (!isTableMissing(error)) throw error
  }
}
