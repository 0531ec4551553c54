import { Column, getTableName, is, SQL, Subquery } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { columnDecoder } from './column-decoder.ts'
import { decoderFor, type Decode } from '../text-format/decode.ts'
import type { RowSet, SqlText } from '../contract/driver.ts'

/** One selected field: where its value goes, and what it was selected from. */
export interface SelectedField {
  readonly path: readonly string[]
  readonly field: PgColumn | SQL | SQL.Aliased | Subquery
}

/** Tables that a join cannot leave out, by name: the others' objects become null when they are not there. */
export type JoinedTables = Readonly<Record<string, boolean>> | undefined

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

/** Turns row sets into what Drizzle's types promise: nested objects, mapped by the columns they come from. */
export function mapRows(fields: readonly SelectedField[], set: RowSet, joined: JoinedTables): unknown[] {
  const cells = fields.map((selected, i) => cellReader(selected, set.columns[i]?.type ?? 25))
  const optional = optionalGroups(fields, joined)
  return set.rows.map((row) => readRow(fields, cells, row, optional))
}

export type CellReader = (cell: SqlText) => unknown

function readRow(
  fields: readonly SelectedField[],
  cells: readonly CellReader[],
  row: readonly SqlText[],
  optional: readonly string[],
): unknown {
  const result: Record<string, unknown> = {}
  for (let i = 0; i < fields.length; i++) {
    const path = fields[i]?.path ?? []
    let target = result
    const last = path.length - 1
    for (let depth = 0; depth < last; depth++) {
      // Groups are made here and nowhere else, so what is found is one.
      target = (target[path[depth] ?? ''] ??= {}) as Record<string, unknown>
    }
    target[path[last] ?? ''] = cells[i]?.(row[i] ?? null)
  }
  for (const group of optional) {
    if (Object.values(result[group] ?? {}).every((value) => value === null)) result[group] = null
  }
  return result
}

export function cellReader({ field }: Pick<SelectedField, 'field'>, type: number): CellReader {
  const column = is(field, Column) ? field : undefined
  const decode = column === undefined || !isJson(column) ? decoderFor(type) : identity
  const toValue = column === undefined ? expressionDecoder(field) : columnDecoder(column)
  return (cell) => (cell === null ? null : toValue(decode(cell)))
}

/** These columns parse text themselves, and would parse a decoded string a second time. */
function isJson(column: Column): boolean {
  return column.columnType === 'PgJson' || column.columnType === 'PgJsonb'
}

const identity: Decode = (text) => text

/** The decoder is there at run time, and left out of Drizzle's types. */
function expressionDecoder(field: SelectedField['field']): (value: unknown) => unknown {
  const expression = is(field, SQL) ? field : is(field, Subquery) ? field._.sql : Reflect.get(field, 'sql')
  const { decoder } = expression as { readonly decoder: Decoder }
  return (value) => decoder.mapFromDriverValue(value)
}

/** Groups of one joined table that may be absent from a row. */
function optionalGroups(fields: readonly SelectedField[], joined: JoinedTables): string[] {
  if (joined === undefined) return []
  const tables = new Map<string, string | undefined>()
  for (const { path, field } of fields) {
    const [group] = path
    if (group === undefined || path.length !== 2) continue
    const table = is(field, Column) ? getTableName(field.table) : undefined
    tables.set(group, !tables.has(group) || tables.get(group) === table ? table : undefined)
  }
  return [...tables].filter(([, table]) => table !== undefined && joined[table] === false).map(([group]) => group)
}
