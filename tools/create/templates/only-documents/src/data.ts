import { defineConfig, provider, type Provider } from 'lexigram-edge'
import { NoSqlConfig, noSqlProvider, type DocumentDriver } from 'lexigram-edge/nosql'
import { DocumentNotes } from './document-notes.ts'
import { Notes } from './note.ts'

export interface Drivers {
  readonly nosql: readonly DocumentDriver[]
}

export const config = defineConfig({ nosql: NoSqlConfig })

const notes = provider('notes', {
  register(container) {
    container.scoped(Notes, DocumentNotes)
  },
})

export const providers = ({ nosql }: Drivers): readonly Provider[] => [noSqlProvider({ drivers: nosql }), notes]
