import { is, sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import type { DbSession } from '../../../sql/session/session.ts'
import type { Finding } from '../finding.ts'

/** Only those that queries can use; expressions have no name of a column. */
const existing = `
select n.nspname as schema, t.relname as "table", c.relname as name, (
  select coalesce(json_agg(coalesce(a.attname, '') order by k.position), '[]')
  from unnest(i.indkey::int2[]) with ordinality k(number, position)
  left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
) as columns
from pg_catalog.pg_index i
join pg_catalog.pg_class t on t.oid = i.indrelid
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = t.relnamespace
where i.indisvalid and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')`

/** Deleting what a foreign key refers to, and joins over it, look for the rows that refer. */
const bareKeys = `
select c.conrelid::regclass::text as "table", c.conname as name
from pg_catalog.pg_constraint c
where c.contype = 'f' and not exists (
  select from pg_catalog.pg_index i
  where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
    and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
)
order by 1, 2`

interface Existing extends Record<string, unknown> {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly columns: readonly string[]
}

interface BareKey extends Record<string, unknown> {
  readonly table: string
  readonly name: string
}

/** Whether the database has the indexes that exported tables of Drizzle declare, and one for each foreign key. */
export async function checkSqlIndexes(
  session: Pick<DbSession, 'execute'>,
  file: string,
  exported: readonly unknown[],
): Promise<readonly Finding[]> {
  const tables = exported.filter((value) => is(value, PgTable))
  const found = await session.execute<Existing>(sql.raw(existing))
  const keys = await session.execute<BareKey>(sql.raw(bareKeys))
  return [
    ...tables.flatMap((table) => missingOf(table, found).map((key) => missing(key, file))),
    ...keys.map(({ table, name }) => bare(`${table}.${name}`, file)),
  ]
}

/** Names of the declared indexes that no existing one stands for. */
function missingOf(table: PgTable, found: readonly Existing[]): readonly string[] {
  const { indexes, name: tableName, schema = 'public' } = getTableConfig(table)
  const own = found.filter((index) => index.table === tableName && index.schema === schema)
  // A table that is not there is a matter of migrations.
  if (own.length === 0 && !found.some((index) => index.table === tableName)) return []
  return indexes.flatMap(({ config }) => {
    const columns = config.columns.map((column) => ('name' in column ? String(column.name) : ''))
    const isThere = own.some(
      (index) => index.name === config.name || (!columns.includes('') && isPrefix(columns, index.columns)),
    )
    return isThere ? [] : [`${tableName}.${config.name ?? columns.join('_')}`]
  })
}

function isPrefix(columns: readonly string[], of: readonly string[]): boolean {
  return columns.every((column, i) => of[i] === column)
}

function missing(key: string, file: string): Finding {
  const message = `the database lacks the index ${key}, which its table declares`
  const fix = 'Generate a migration with drizzle-kit, and run npx lexigram-edge migrate up.'
  return { code: 'index-missing', severity: 'error', message, file, key, fix }
}

function bare(key: string, file: string): Finding {
  const message = `no index begins with the columns of the foreign key ${key}: deletes and joins over it read all rows`
  const fix = 'Add an index on its columns by a migration, or leave it where the table stays small.'
  return { code: 'index-missing', severity: 'warning', message, file, key, fix }
}
