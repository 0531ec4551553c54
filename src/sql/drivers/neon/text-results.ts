import type { FullQueryResults } from '@neondatabase/serverless'
import type { RowSet, SqlText } from '../../contract/driver.ts'

/** Type parsers for one query that leave every cell as text; the vendor's process-wide ones are not touched. */
export const textTypes = { getTypeParser: () => (text: string) => text }

export function toRowSet(result: Pick<FullQueryResults<true>, 'fields' | 'rows' | 'rowCount'>): RowSet {
  return {
    columns: result.fields.map((field) => ({ name: field.name, type: field.dataTypeID })),
    // Arrays of text, because of `textTypes` and the array mode.
    rows: result.rows as SqlText[][],
    rowCount: result.rowCount ?? result.rows.length,
  }
}
