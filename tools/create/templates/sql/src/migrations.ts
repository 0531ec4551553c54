import type { SqlMigration } from 'lexigram-edge/sql'

/** Add migrations at the end. Leave those that were applied as they are. */
export const migrations: readonly SqlMigration[] = [
  { name: '0001_notes', sql: 'create table notes (id text primary key, text text not null)' },
]
