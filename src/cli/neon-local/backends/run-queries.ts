import type { ClientBase } from 'pg'
import type { ArrayTypes } from './array-types.ts'
import type { Query, QueryAnswer, QueryRequest, QueryResult } from './backend.ts'
import { BoundedQuery } from './bounded-query.ts'
import { Refusal } from '../refusal.ts'

/** Type parsers that leave every value in PostgreSQL's text format. */
export const textTypes = { getTypeParser: () => (value: string) => value }

/**
 * Runs queries on a connection made with {@link textTypes}; inside a transaction when `begin` is given. Afterwards the
 * connection has no open transaction, whatever the queries did.
 *
 * @throws Refusal when the answer is larger than it may be, or the client has left; a batch is rolled back then
 */
export async function runQueries(
  client: ClientBase,
  queries: readonly Query[],
  { begin, maxBytes, typed, signal, arrayTypes }: QueryRequest & { readonly arrayTypes: ArrayTypes },
): Promise<QueryAnswer> {
  const results: QueryResult[] = []
  const budget = { left: maxBytes, max: maxBytes }
  if (begin !== null) await client.query(begin)
  try {
    for (const query of queries) {
      if (signal.aborted) throw abandoned()
      results.push(await client.query(new BoundedQuery(query, budget)).result)
    }
    const elements = typed ? await arrayTypes(client, results) : new Map<number, number>()
    if (begin !== null) await client.query('COMMIT')
    return { results, elements }
  } catch (error) {
    // Where the connection is lost, there is nothing to roll back; the first error says why.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** The answer to a client that has left. */
export function abandoned(): Refusal {
  return new Refusal(400, 'Query cancelled, connection was terminated', { code: '08P01' })
}

/**
 * Forgets what a request left, as another pooled connection would not have it: BEGIN, SET, temporary tables.
 *
 * @param leave The statement by which the connection takes its own role again, if it has another
 */
export async function resetConnection(client: ClientBase, leave?: string): Promise<void> {
  await client.query('ROLLBACK')
  if (leave !== undefined) await client.query(leave)
  await client.query('DISCARD ALL')
}
