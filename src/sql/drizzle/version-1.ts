import * as drizzle from 'drizzle-orm'
import { is, SQL, type Query } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import type { RowSet } from '../contract/driver.ts'
import { parseArrayLiteral } from '../text-format/array-literal.ts'
import { decodeCell } from '../text-format/decode.ts'
import { toRows } from '../text-format/rows.ts'
import { BuiltQuery, refuseTransaction } from './built-query.ts'
import { textCodecs, type Codecs } from './text-codecs.ts'
import { mapRows, type SelectedField } from './row-mapper.ts'
import type { ArrayElements, Casing, DrizzleVersion, OpenedDrizzle, Renderer, Schema } from './version.ts'

type RowsMapper = (rows: readonly unknown[][]) => unknown

/** What is there in 1.x, and not in the types of 0.x. */
interface Core {
  readonly PgAsyncDatabase: new (dialect: Dialect, session: object, relations: object) => object
  readonly PgAsyncSession: new (dialect: Dialect) => object
  readonly PgDialect: new (config: { readonly codecs: Codecs }) => Dialect
  readonly genericPgCodecs: Codecs
  defineRelations(tables: Schema): Schema
}

interface Dialect extends Renderer {
  readonly codecs: {
    get(column: pg.PgColumn, codec: 'normalize'): ((value: unknown, depth: number) => unknown) | undefined
    apply(column: pg.PgColumn, codec: 'normalizeParam', value: unknown): unknown
  }
  readonly mapperGenerators: {
    rows(fields: readonly SelectedField[], nullable: readonly string[] | undefined): RowsMapper
  }
}

/** A column of 1.x, in which an array is a column with dimensions. */
type Column = pg.PgColumn & {
  readonly dimensions: number
  toBuilder(overrides: { readonly dimensions: number }): { build(table: pg.PgTable): pg.PgColumn }
}

/** Each by its name, so that a bundler leaves out the rest of the module. The types in use are those of 0.x. */
const core: Core = {
  PgAsyncDatabase: (pg as unknown as Core).PgAsyncDatabase,
  PgAsyncSession: (pg as unknown as Core).PgAsyncSession,
  PgDialect: pg.PgDialect as unknown as Core['PgDialect'],
  genericPgCodecs: (pg as unknown as Core).genericPgCodecs,
  defineRelations: (drizzle as unknown as Core).defineRelations,
}

/** Drizzle 1.x. What a driver sends and takes for a column is up to codecs, by the type of the column. */
export const version1: DrizzleVersion = { open, elementsOf, write, reader, readsText: () => false }

/** Names are looked up in the module, because one that is missing could not be imported. */
export function isVersion1(): boolean {
  return Object.values(core).every(Boolean) && 'toBuilder' in pg.PgColumn.prototype
}

function open(schema: Schema, casing: Casing | undefined): OpenedDrizzle {
  if (casing !== undefined) {
    throw new UsageError('the option casing cannot be used with drizzle-orm 1.x', {
      hint: `Make the tables with ${casing === 'snake_case' ? 'snakeCase' : 'camelCase'}.table of drizzle-orm/pg-core.`,
    })
  }
  const relations = relationsOf(schema)
  const dialect = makeDialect()
  /** Mappers that take rows as they came, because how a cell is read depends on its type. */
  const ofSets = new WeakMap<RowsMapper, (set: RowSet) => unknown>()
  dialect.mapperGenerators.rows = (fields, nullable = []) => {
    const mapper: RowsMapper = (rows) => rows
    const mayBeAbsent = (group: string): boolean => nullable.includes(group)
    ofSets.set(mapper, (set) => mapRows(fields, set, { columns: version1, mayBeAbsent }))
    return mapper
  }
  return {
    renderer: dialect,
    database(runner) {
      // Made here, because a base that is missing could not be extended.
      class Session extends core.PgAsyncSession {
        // Drizzle calls it so.
        // oxlint-disable-next-line max-params
        prepareQuery(
          query: Query,
          mode: 'arrays' | 'objects' | 'raw',
          _name: unknown,
          mapper?: RowsMapper,
        ): BuiltQuery {
          const ofSet = mapper && ofSets.get(mapper)
          const read = (set: RowSet): unknown => {
            if (ofSet !== undefined) return ofSet(set)
            const rows = mode === 'arrays' ? decodeSet(set) : toRows(set)
            return mapper === undefined ? rows : mapper(rows as never) // of the mode that it was made for
          }
          return new BuiltQuery(query, { runner, read })
        }

        transaction(): Promise<never> {
          return refuseTransaction()
        }
      }
      return new core.PgAsyncDatabase(dialect, new Session(dialect), relations)
    },
  }
}

/** What `defineRelations` has made, or tables without relations. */
function relationsOf(schema: Schema): Schema {
  const parts = Object.values(schema).map((part) => Object(part) as Readonly<Record<string, unknown>>)
  // Columns may have these names; they are neither tables nor functions.
  if (parts.some(({ table, config }) => is(table, drizzle.Table) && typeof config === 'function')) {
    throw new UsageError('the schema of a database cannot have relations of drizzle-orm 0.x, with 1.x', {
      hint: 'Pass schema: defineRelations(tables, (r) => ({ … })), of drizzle-orm.',
    })
  }
  const areDefined = parts.length > 0 && parts.every(({ table }) => is(table, drizzle.Table))
  return areDefined ? schema : core.defineRelations(schema)
}

let ofColumns: Dialect | undefined

/** Codecs are the same for every database. */
function codecs(): Dialect['codecs'] {
  return (ofColumns ??= makeDialect()).codecs
}

function makeDialect(): Dialect {
  return new core.PgDialect({ codecs: textCodecs(core.genericPgCodecs) })
}

function decodeSet({ rows, columns }: RowSet): unknown[][] {
  return rows.map((row) => row.map((cell, i) => decodeCell(cell, columns[i]?.type ?? 25)))
}

const leaves = new WeakMap<pg.PgColumn, pg.PgColumn>()

function elementsOf(column: pg.PgColumn): ArrayElements | undefined {
  // The columns of 1.x have more than the type of 0.x says.
  const { dimensions: depth } = column as Column
  if (depth === 0) return undefined
  let leaf = leaves.get(column)
  if (leaf === undefined) leaves.set(column, (leaf = leafOf(column as Column)))
  return { leaf, depth }
}

function leafOf(column: Column): pg.PgColumn {
  return column.toBuilder({ dimensions: 0 }).build(column.table)
}

function write(column: pg.PgColumn, value: unknown): unknown {
  // A column of 1.x, as above.
  if ((column as Column).dimensions > 0 && !Array.isArray(value)) throw new TypeError('the value must be an array')
  const written: unknown = column.mapToDriverValue(value)
  return is(written, SQL) ? written : codecs().apply(column, 'normalizeParam', written)
}

function reader(column: pg.PgColumn): (value: unknown) => unknown {
  const { dimensions } = column as Column // a column of 1.x, as above
  const normalize = codecs().get(column, 'normalize')
  return (value) => {
    // Of an array type that is not known by its number, such as an enum's, the text has come as it is.
    const parsed = dimensions > 0 && typeof value === 'string' ? parseArrayLiteral(value) : value
    return column.mapFromDriverValue(normalize === undefined ? parsed : normalize(parsed, dimensions))
  }
}
