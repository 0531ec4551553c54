import type * as core from 'drizzle-orm/pg-core'
import type { SqlRows } from '../text-format/rows.ts'
import type { Schema } from './version.ts'

/** Drizzle's key to the type that a statement without mapped rows returns. */
export interface SqlResultHKT extends core.PgQueryResultHKT {
  type: SqlRows<this['row']>
}

// Only one of these two exists in the installed version. The other one is an error, which is ignored, and `any`. The comments
// are also part of the published declarations, for the same reason.
/** @ts-ignore */
type Database0<TSchema extends Schema> = core.PgDatabase<SqlResultHKT, TSchema>
/** @ts-ignore */
type Database1<TSchema extends Schema> = core.PgAsyncDatabase<SqlResultHKT, Relations1<TSchema>>

/** Tables without relations, as `defineRelations` would have made them; what it made stays. */
type Relations1<TSchema extends Schema> = {
  [
    K in keyof TSchema as TSchema[K] extends core.PgTable | { readonly table: core.PgTable } ? K : never
  ]: TSchema[K] extends core.PgTable
    ? { readonly table: TSchema[K]; readonly name: K; readonly relations: {} }
    : TSchema[K]
}

type IsAny<T> = 0 extends 1 & T ? true : false

/** Drizzle's query builder. Its own `transaction` is left out: a session has one that every driver keeps. */
export type Db<TSchema extends Schema = Record<string, never>> =
  IsAny<Database0<TSchema>> extends true
    ? Omit<Database1<TSchema>, 'transaction'>
    : Omit<Database0<TSchema>, 'transaction'>
