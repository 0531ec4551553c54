import { serveDynamo } from '../dynamodb-server/serve.ts'
import { startFirestoreEmulator } from '../emulators/firestore-emulator.ts'
import { serveMongo } from '../mongodb-server/serve.ts'

export const documentNames = ['memory', 'mongodb', 'dynamodb', 'firestore'] as const
export type DocumentsName = (typeof documentNames)[number]

export const sqlNames = ['neon', 'postgres', 'pglite'] as const
export type SqlName = (typeof sqlNames)[number]

type Env = Readonly<Record<string, string>>

/** A local stand-in for a database of documents, and what the example is configured by to use it. */
export interface LocalDocuments {
  readonly env: Env
  /** What it is, for the person who started it. */
  readonly note: string
  stop(): Promise<void>
}

/** The example has two stores, whatever keeps them. */
const stores = ['primary', 'analytics']

/** One setting of the driver for each store. */
function settings(driver: string, ofStore: (store: string) => Env): Env {
  return Object.fromEntries(
    stores.flatMap((store, index) => {
      const prefix = `LEX_NOSQL__BACKENDS__${index}__`
      const own = Object.entries(ofStore(store)).map(([name, value]) => [
        `${prefix}${driver.toUpperCase()}__${name}`,
        value,
      ])
      return [[`${prefix}NAME`, store], [`${prefix}DRIVER`, driver], ...own]
    }),
  )
}

/** Products are documents wherever documents have a separate database. */
const inDocuments: Env = { LEX_CATALOG__STORE: 'documents' }

/** Starts what stands for the database on this machine. */
export const localDocuments: Readonly<Record<DocumentsName, () => Promise<LocalDocuments>>> = {
  memory: async () => ({ env: settings('memory', () => ({})), note: 'documents in memory', stop: async () => {} }),
  async mongodb() {
    const server = await serveMongo()
    const env = settings('mongodb', (store) => ({ URI: server.uri, DATABASE: store }))
    const note = 'documents through MongoDB’s driver, to a server of its wire protocol; they last until it stops'
    return { env: { ...env, ...inDocuments }, note, stop: () => server.close() }
  },
  async dynamodb() {
    const server = await serveDynamo()
    const env = settings('dynamodb', (store) => ({
      ENDPOINT_URL: server.endpoint,
      ACCESS_KEY_ID: 'local',
      SECRET_ACCESS_KEY: 'local',
      TABLE: store,
      CREATE_TABLES: 'true',
    }))
    const note = 'documents in dynalite, over DynamoDB’s protocol; they last until it stops'
    return { env: { ...env, ...inDocuments }, note, stop: () => server.close() }
  },
  async firestore() {
    const emulator = await startFirestoreEmulator()
    const run = crypto.randomUUID().slice(0, 8)
    const env = settings('firestore', (store) => ({ EMULATOR_HOST: emulator.host, PROJECT_ID: `${store}-${run}` }))
    const note = 'documents in Google’s Firestore emulator; they last until it stops'
    return { env: { ...env, ...inDocuments }, note, stop: () => emulator.stop() }
  },
}
