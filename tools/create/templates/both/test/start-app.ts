import { memory } from 'lexigram-edge/nosql/memory'
import { startTestApplication, type TestApplication } from 'lexigram-edge/testing'
import { createApp } from '../src/app.ts'
import { migratedDatabase } from './migrated-database.ts'

/** The application over a new database and a new store. */
export async function startApp(): Promise<TestApplication> {
  const app = createApp({ sql: [await migratedDatabase()], nosql: [memory()] })
  return startTestApplication(app, { env: { DATABASE_URL: 'pglite:memory' } })
}
