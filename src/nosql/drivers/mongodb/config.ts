import { boolean, duration, int, list, object, oneOf, optional, secret, string } from '../../../core/setting/schema.ts'
import type { OutputOf } from '../../../core/setting/standard-schema.ts'
import type { DocumentDriverSettings } from '../../contract/driver.ts'

const milliseconds = (description: string) => optional(duration({ min: 1, description }))

const schema = object({
  uri: optional(
    secret(
      string({
        shape: 'a URL such as mongodb://user:password@host:27017',
        test: (text) => /^mongodb(?:\+srv)?:\/\/./.test(text),
        description: 'The servers, with their credentials.',
      }),
    ),
  ),
  database: optional(string({ description: 'Name of the database; default: the one in the URL.' })),
  maxPoolSize: optional(int({ min: 1, description: 'Most connections of one client.' })),
  minPoolSize: optional(int({ min: 0, description: 'Connections that a client keeps open.' })),
  maxIdleTimeMs: milliseconds('How long an unused connection is kept.'),
  waitQueueTimeoutMs: milliseconds('Longest wait for a connection of the pool.'),
  serverSelectionTimeoutMs: milliseconds('Longest wait for a usable server.'),
  connectTimeoutMs: milliseconds('Longest wait for a new connection.'),
  socketTimeoutMs: milliseconds('Longest silence of a connection in use.'),
  retryWrites: optional(boolean({ description: 'Repeats a write once after a network error.' })),
  retryReads: optional(boolean({ description: 'Repeats a read once after a network error.' })),
  readPreference: optional(
    oneOf(['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'], {
      description: 'Which members of a replica set are read.',
    }),
  ),
  readConcern: optional(
    oneOf(['local', 'available', 'majority', 'linearizable', 'snapshot'], { description: 'What a read may see.' }),
  ),
  writeConcernW: optional(
    string({
      shape: 'a whole number, "majority" or a tag',
      test: (text) => /^\d+$/.test(text) || Number.isNaN(Number(text)),
      description: 'How many members acknowledge a write: a number or "majority".',
    }),
  ),
  authSource: optional(string({ description: 'Database with the credentials.' })),
  appName: optional(string({ description: 'Name of this client in the logs of the server.' })),
  serverApi: optional(oneOf(['1'], { description: 'Version of the Stable API.' })),
  compressors: optional(
    list(oneOf(['none', 'snappy', 'zlib', 'zstd']), {
      description: 'Allowed compressions of messages, the preferred one first.',
    }),
  ),
})

/** The section `nosql.mongodb`. */
export type MongoDbConfig = OutputOf<typeof schema>

export const settings: DocumentDriverSettings<MongoDbConfig> = {
  schema,
  aliases: { uri: ['MONGODB_URI', 'MONGO_URL'] },
  required: ['uri'],
}
