import type { ClientBase } from 'pg'
import type { QueryResult } from './backend.ts'

/** Types below are PostgreSQL's own, and the same in every database of a version. */
const firstOwnType = 16_384

/** Finds out which types are arrays, and of what, by their numbers. */
export type ArrayTypes = (client: ClientBase, results: readonly QueryResult[]) => Promise<Map<number, number>>

/** One for each database; asks for the types of applications each time, because they come and go. */
export function createArrayTypes(): ArrayTypes {
  const builtIn = new Map<number, number>()
  const ask = async (client: ClientBase, condition: string, values: unknown[]) => {
    const text = `select oid, typelem from pg_catalog.pg_type where typcategory = 'A' and typelem <> 0 and ${condition}`
    const { rows } = await client.query<{ oid: string; typelem: string }>(text, values)
    return rows.map((row) => [Number(row.oid), Number(row.typelem)] as const)
  }
  return async (client, results) => {
    const types = new Set(results.flatMap(({ fields }) => fields.map((field) => field.dataTypeID)))
    if (builtIn.size === 0 && types.size > 0) {
      for (const [array, element] of await ask(client, 'oid < $1', [firstOwnType])) builtIn.set(array, element)
    }
    const own = [...types].filter((type) => type >= firstOwnType)
    if (own.length === 0) return builtIn
    return new Map([...builtIn, ...(await ask(client, 'oid = any($1)', [own]))])
  }
}
