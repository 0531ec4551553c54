import { defineConfig, provider, type Provider } from 'lexigram-edge'
import { DatabaseConfig, sqlProvider, type DatabaseDriver } from 'lexigram-edge/sql'
import { Notes } from './note.ts'
import * as schema from './schema.ts'
import { SqlNotes } from './sql-notes.ts'

export interface Drivers {
  readonly sql: readonly DatabaseDriver[]
}

export const config = defineConfig({ database: DatabaseConfig })

const notes = provider('notes', {
  register(container) {
    container.scoped(Notes, SqlNotes)
  },
})

export const providers = ({ sql }: Drivers): readonly Provider[] => [sqlProvider({ drivers: sql, schema }), notes]
