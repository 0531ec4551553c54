import { defineConfig, provider, type Provider } from 'lexigram-edge'
import { NoSqlConfig, noSqlProvider, type DocumentDriver } from 'lexigram-edge/nosql'
import { DatabaseConfig, sqlProvider, type DatabaseDriver } from 'lexigram-edge/sql'
import { Comments, DocumentComments } from './comments.ts'
import { Notes } from './note.ts'
import * as schema from './schema.ts'
import { SqlNotes } from './sql-notes.ts'

export interface Drivers {
  readonly sql: readonly DatabaseDriver[]
  readonly nosql: readonly DocumentDriver[]
}

export const config = defineConfig({ database: DatabaseConfig, nosql: NoSqlConfig })

const notes = provider('notes', {
  register(container) {
    container.scoped(Notes, SqlNotes)
    container.scoped(Comments, DocumentComments)
  },
})

export const providers = ({ sql, nosql }: Drivers): readonly Provider[] => [
  sqlProvider({ drivers: sql, schema }),
  noSqlProvider({ drivers: nosql }),
  notes,
]
