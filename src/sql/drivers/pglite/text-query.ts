import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { CallOptions, RowSet, SqlText, Statement } from '../../contract/driver.ts'

/** Sends statements whose parameters and cells stay text, whatever types the database knows. */
export type TextQuery = (on: PGlite | Transaction, statement: Statement, options: CallOptions) => Promise<RowSet>

export function createTextQuery(db: PGlite): TextQuery {
  const parsers = identities(db.parsers)
  const serializers = identities(db.serializers)
  return async (on, { text, params }, { signal }) => {
    signal?.throwIfAborted()
    const result = await on.query<SqlText[]>(text, [...params], { rowMode: 'array', parsers, serializers })
    return {
      columns: result.fields.map((field) => ({ name: field.name, type: field.dataTypeID })),
      rows: result.rows,
      rowCount: result.rows.length || (result.affectedRows ?? 0),
    }
  }
}

function identities(converters: object): Record<string, (value: string) => string> {
  return Object.fromEntries(Object.keys(converters).map((type) => [type, (value: string) => value]))
}
