import * as drizzle from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import type { RowSet } from '../contract/driver.ts'
import { parseArrayLiteral } from '../text-format/array-literal.ts'
import { decodeCell } from '../text-format/decode.ts'
import { parseInstant } from '../text-format/instant.ts'
import { toRows } from '../text-format/rows.ts'
import { BuiltQuery, refuseTransaction, type JoinedTables } from './built-query.ts'
import { mapRows, type SelectedField } from './row-mapper.ts'
import type { ArrayElements, Casing, DrizzleVersion, OpenedDrizzle, Schema } from './version.ts'

type RowsMapper = (rows: unknown[][], mapColumnValue?: (value: unknown) => unknown) => unknown

/** Drizzle 0.x. Columns map values themselves, and an array is a column around another. */
export const version0: DrizzleVersion = {
  open,
  elementsOf,
  write: (column, value) => column.mapToDriverValue(value),
  reader,
  readsText,
}

/** Names are looked up in the modules, because one that is missing could not be imported. */
export function isVersion0(): boolean {
  return [pg.PgDatabase, pg.PgSession, drizzle.extractTablesRelationalConfig].every(Boolean)
}

function open(schema: Schema, casing: Casing | undefined): OpenedDrizzle {
  const dialect = new pg.PgDialect(casing === undefined ? {} : { casing })
  const { tables, tableNamesMap } = drizzle.extractTablesRelationalConfig(schema, drizzle.createTableRelationsHelpers)
  const relations = { fullSchema: schema, schema: tables, tableNamesMap }
  return {
    renderer: dialect,
    database(runner) {
      // Made here, because a base that is missing could not be extended.
      class Session extends pg.PgSession {
        // Drizzle calls it so.
        // oxlint-disable-next-line max-params
        override prepareQuery(
          query: drizzle.Query,
          fields: pg.SelectedFieldsOrdered | undefined,
          _name: string | undefined,
          _arrays: boolean,
          mapper?: RowsMapper,
        ): never {
          const read = (set: RowSet, joined: JoinedTables): unknown => readSet(set, { fields, mapper, joined })
          return new BuiltQuery(query, { runner, read }) as never // what Drizzle calls of a prepared query
        }

        override transaction(): Promise<never> {
          return refuseTransaction()
        }
      }
      return new pg.PgDatabase(dialect, new Session(dialect), relations as never) // checked by the caller's types
    },
  }
}

interface Reading {
  readonly fields: readonly SelectedField[] | undefined
  readonly mapper: RowsMapper | undefined
  readonly joined: JoinedTables
}

function readSet(set: RowSet, { fields, mapper, joined }: Reading): unknown {
  if (mapper !== undefined) return mapper(set.rows.map((row) => row.map((cell, i) => decodeAt(set, cell, i))))
  if (fields === undefined) return toRows(set)
  return mapRows(fields, set, { columns: version0, mayBeAbsent: (_group, table) => joined?.[table] === false })
}

function decodeAt(set: RowSet, cell: string | null, i: number): unknown {
  return decodeCell(cell, set.columns[i]?.type ?? 25)
}

function elementsOf(column: pg.PgColumn): ArrayElements | undefined {
  if (!isArray(column)) return undefined
  const inner = elementsOf(column.baseColumn)
  return inner === undefined ? { leaf: column.baseColumn, depth: 1 } : { ...inner, depth: inner.depth + 1 }
}

function isArray(column: pg.PgColumn): column is pg.PgColumn & { readonly baseColumn: pg.PgColumn } {
  return 'baseColumn' in column
}

/** These columns parse text themselves, and would parse a decoded string a second time; arrays of them likewise. */
function readsText(column: pg.PgColumn): boolean {
  const { columnType } = elementsOf(column)?.leaf ?? column
  return columnType === 'PgJson' || columnType === 'PgJsonb'
}

/** Drizzle's own reading of some dates is another instant. */
function reader(column: pg.PgColumn): (value: unknown) => unknown {
  if (isArray(column)) {
    const read = reader(column.baseColumn)
    // An array whose type number is unknown, such as an array of an enum, arrives as its text.
    return (value) => readElements(typeof value === 'string' ? parseArrayLiteral(value) : value, read)
  }
  const { columnType } = column
  if (columnType !== 'PgTimestamp' && columnType !== 'PgDate') return (value) => column.mapFromDriverValue(value)
  return (value) => (typeof value === 'string' && parseInstant(value)) || column.mapFromDriverValue(value)
}

function readElements(elements: unknown, read: (value: unknown) => unknown): unknown {
  if (!Array.isArray(elements)) return elements
  return elements.map((element) => (element === null ? null : read(element)))
}
