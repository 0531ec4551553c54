import type { RowSet, SqlText, ResultColumn } from './driver.ts'

/** What a statement returned, with its command tag: `COMMIT`, `INSERT 0 1`. */
export interface TaggedRows extends RowSet {
  readonly tag: string
}

/**
 * The number at the end of a command tag is that of the rows; a tag without one, such as `CREATE TABLE`, affects none.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html (CommandComplete)
 */
export function taggedRows(
  tag: string,
  columns: readonly ResultColumn[],
  rows: readonly (readonly SqlText[])[],
): TaggedRows {
  return { columns, rows, rowCount: Number(/\d+$/.exec(tag)?.[0] ?? rows.length), tag }
}
