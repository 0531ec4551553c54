import { startTestApplication, type TestApplication } from 'lexigram-edge/testing'
import { createApp } from '../src/app.ts'
import { migratedDatabase } from './migrated-database.ts'

/** The application over a new database. */
export async function startApp(): Promise<TestApplication> {
  const app = createApp({ sql: [await migratedDatabase()] })
  return startTestApplication(app, { env: { DATABASE_URL: 'pglite:memory' } })
}
