import { DbSession, SqlRepository } from 'lexigram-edge/sql'
import type { Note } from './note.ts'
import { notes } from './schema.ts'

/** Notes as rows of a table. */
export class SqlNotes extends SqlRepository<typeof notes, Note> {
  static readonly inject = [DbSession] as const

  constructor(session: DbSession) {
    super(notes, session, { toEntity: (row) => row, toRow: (note) => note })
  }
}
