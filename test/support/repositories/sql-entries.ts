import { sql } from 'drizzle-orm'
import { boolean, doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { SqlRepository, type DbSession } from '../../../src/sql/index.ts'
import type { Entry, RepositoryStorage, RepositoryTraits } from '../../../src/testing/index.ts'

const entries = pgTable('conformance_entries', {
  id: text().primaryKey(),
  title: text().notNull(),
  done: boolean().notNull(),
  rank: doublePrecision(),
  at: timestamp({ withTimezone: true }).notNull(),
  version: integer().notNull().default(1),
  tenantId: text('tenant_id'),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }),
})

class EntryRepository extends SqlRepository<typeof entries, Entry, string> {
  constructor(session: DbSession, { softDelete, version, timestamps, tenant }: RepositoryTraits) {
    const mapping = {
      toEntity: (row: typeof entries.$inferSelect): Entry => {
        const { id, title, done, rank, at, createdAt, updatedAt } = row
        const times =
          timestamps === undefined ? {} : { createdAt: createdAt ?? undefined, updatedAt: updatedAt ?? undefined }
        return { id, title, done, rank, at, ...(version && { version: row.version }), ...times }
      },
      toRow: (entry: Entry) => entry,
    }
    super(entries, session, mapping, {
      ...(softDelete && { softDelete: 'deletedAt' }),
      ...(version && { version: 'version' }),
      ...(timestamps && {
        timestamps: { createdAt: 'createdAt', updatedAt: 'updatedAt' },
        clock: timestamps.clock,
      }),
      ...(tenant && { tenant: { field: 'tenantId', id: tenant } }),
    })
  }
}

/** Entries of the conformance suite in a table, which is made anew. */
export async function sqlEntries(session: DbSession): Promise<RepositoryStorage> {
  await session.batch([
    sql`drop table if exists conformance_entries`,
    sql`create table conformance_entries (id text primary key, title text not null, done boolean not null,
      rank double precision, at timestamptz not null, version int not null default 1, tenant_id text,
      deleted_at timestamptz, created_at timestamptz, updated_at timestamptz)`,
  ])
  return {
    repository: (traits) => new EntryRepository(session, traits),
    async [Symbol.asyncDispose]() {
      await session.execute(sql`drop table conformance_entries`)
    },
  }
}
