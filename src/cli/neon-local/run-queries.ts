import type { ClientBase, QueryArrayConfig } from 'pg'
import type { Query, QueryResult, Text } from './backend.ts'

/** Type parsers that leave every value in PostgreSQL's text format. */
export const textTypes = { getTypeParser: () => (value: string) => value }

interface ExtendedQuery extends QueryArrayConfig {
  /** Without it pg sends a query that has no parameters as a script, which may hold several statements. */
  readonly queryMode: 'extended'
}

/**
 * Runs queries on a connection made with {@link textTypes}; inside a transaction when `begin` is given. Afterwards the
 * connection has no open transaction, whatever the queries did.
 */
export async function runQueries(
  client: ClientBase,
  queries: readonly Query[],
  begin: string | null,
): Promise<QueryResult[]> {
  const results: QueryResult[] = []
  if (begin !== null) await client.query(begin)
  try {
    for (const query of queries) results.push(await runQuery(client, query))
    if (begin !== null) await client.query('COMMIT')
  } catch (error) {
    // Where the connection is lost, there is nothing to roll back; the first error says why.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
  return results
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

async function runQuery(client: ClientBase, query: Query): Promise<QueryResult> {
  const config: ExtendedQuery = { text: query.text, values: [...query.params], rowMode: 'array', queryMode: 'extended' }
  const result = await client.query<Text[]>(config)
  return {
    command: result.command,
    rowCount: result.rowCount,
    fields: result.fields.map(({ name, tableID, columnID, dataTypeID, dataTypeSize, dataTypeModifier }) => ({
      name,
      tableID,
      columnID,
      dataTypeID,
      dataTypeSize,
      dataTypeModifier,
    })),
    rows: result.rows,
  }
}
