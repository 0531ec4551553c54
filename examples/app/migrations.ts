import type { SqlMigration } from 'lexigram-edge/sql'

/** Forward only; a file that was applied is never edited. */
export const migrations: readonly SqlMigration[] = [
  {
    name: '0001_products',
    sql: 'create table products (id text primary key, name text not null, stock integer not null default 0 check (stock >= 0))',
  },
  { name: '0002_product_versions', sql: 'alter table products add column version integer not null default 1' },
]
