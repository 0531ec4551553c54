import { Column, getTableName, is, SQL, Subquery } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { decoderFor, type Decode } from '../text-format/decode.ts'
import { setField } from '../../core/plain-object.ts'
import type { RowSet, SqlText } from '../contract/driver.ts'
import { wholeNumberCheck } from './exact-reading.ts'
import type { ColumnReaders } from './version.ts'

/** One selected field: where its value goes, and what it was selected from. */
export interface SelectedField {
  readonly path: readonly string[]
  readonly field: PgColumn | SQL | SQL.Aliased | Subquery
  /** The column that an expression is mapped with, where Drizzle says so (1.x). */
  readonly column?: PgColumn
}

export interface RowMapping {
  readonly columns: ColumnReaders
  /** Whether a join may leave out a group of fields, whose columns are of the table: its object becomes null then. */
  mayBeAbsent(group: string, table: string): boolean
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown
}

/** Turns row sets into what Drizzle's types promise: nested objects, mapped by the columns they come from. */
export function mapRows(fields: readonly SelectedField[], set: RowSet, mapping: RowMapping): unknown[] {
  const { columns } = mapping
  const shape: RowShape = {
    fields,
    cells: fields.map((selected, i) => cellReader(selected, { columns, type: set.columns[i]?.type ?? 25 })),
    optional: optionalGroups(fields, mapping),
  }
  return set.rows.map((row) => readRow(row, shape))
}

export type CellReader = (cell: SqlText) => unknown

/** What all rows of a set have in common. */
interface RowShape {
  readonly fields: readonly SelectedField[]
  readonly cells: readonly CellReader[]
  readonly optional: readonly OptionalGroup[]
}

function readRow(row: readonly SqlText[], { fields, cells, optional }: RowShape): unknown {
  const result: Record<string, unknown> = {}
  for (let i = 0; i < fields.length; i++) {
    const path = fields[i]?.path ?? []
    let target = result
    const last = path.length - 1
    for (let depth = 0; depth < last; depth++) {
      target = groupIn(target, path[depth] ?? '')
    }
    setField(target, path[last] ?? '', cells[i]?.(row[i] ?? null))
  }
  for (const { group, cells: own } of optional) {
    if (own.every((i) => (row[i] ?? null) === null)) setField(result, group, null)
  }
  return result
}

/** Groups are made here and nowhere else, so an own member is one; inherited members are not. */
function groupIn(target: Record<string, unknown>, name: string): Record<string, unknown> {
  if (!Object.hasOwn(target, name)) setField(target, name, {})
  return target[name] as Record<string, unknown>
}

interface CellType {
  readonly columns: ColumnReaders
  /** The type that the database says. */
  readonly type: number
}

export function cellReader(selected: Pick<SelectedField, 'field' | 'column'>, { columns, type }: CellType): CellReader {
  const { field, column = is(field, Column) ? field : undefined } = selected
  const decode = column === undefined || !columns.readsText(column) ? decoderFor(type) : identity
  const toValue = column === undefined ? expressionDecoder(field) : columns.reader(column)
  const check = column === undefined ? undefined : wholeNumberCheck(column, columns)
  if (check === undefined) return (cell) => (cell === null ? null : toValue(decode(cell)))
  return (cell) => {
    check(cell)
    return cell === null ? null : toValue(decode(cell))
  }
}

const identity: Decode = (text) => text

/** The decoder is there at run time, and left out of Drizzle's types. */
function expressionDecoder(field: SelectedField['field']): (value: unknown) => unknown {
  const expression = is(field, SQL) ? field : is(field, Subquery) ? field._.sql : Reflect.get(field, 'sql')
  const { decoder } = expression as { readonly decoder: Decoder }
  return (value) => decoder.mapFromDriverValue(value)
}

/** A group of fields that is null where its table is absent from a row. */
interface OptionalGroup {
  readonly group: string
  /** Places in a row that are all NULL then. */
  readonly cells: readonly number[]
}

interface GroupFields {
  table: string | undefined
  /** Places of columns that always have a value, if the table is there at all. */
  readonly certain: number[]
  readonly all: number[]
}

/** Groups whose columns are of one joined table that may be absent from a row. */
function optionalGroups(fields: readonly SelectedField[], mapping: RowMapping): OptionalGroup[] {
  const groups = new Map<string, GroupFields>()
  fields.forEach(({ path: [group, ...rest], field }, i) => {
    if (group === undefined || rest.length !== 1) return
    const table = is(field, Column) ? getTableName(field.table) : undefined
    const known = groups.get(group) ?? { table, certain: [], all: [] }
    groups.set(group, known)
    known.all.push(i)
    if (!is(field, Column)) return
    if (field.notNull) known.certain.push(i)
    // An expression may come before the first column.
    const isFirst = known.all.every((at) => at === i || !is(fields[at]?.field, Column))
    known.table = isFirst || known.table === table ? table : undefined
  })
  return [...groups]
    .filter(([group, { table }]) => table !== undefined && mapping.mayBeAbsent(group, table))
    .map(([group, { certain, all }]) => ({ group, cells: certain.length > 0 ? certain : all }))
}
