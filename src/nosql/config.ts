import { cursorSecretAlias, cursorSecretSetting } from '../core/cursor/cursor-secret.ts'
import {
  boolean,
  duration,
  int,
  list,
  object,
  oneOf,
  optional,
  refine,
  secret,
  string,
  withDefault,
} from '../core/setting/schema.ts'
import { section, type SectionValue } from '../core/setting/section.ts'

const milliseconds = (description: string) => optional(duration({ min: 1, description }))

const mongodb = object({
  uri: optional(
    secret(
      string({
        shape: 'a URL such as mongodb://user:password@host:27017',
        test: (text) => /^mongodb(?:\+srv)?:\/\/./.test(text),
        description: 'Which servers, with their credentials.',
      }),
    ),
  ),
  database: optional(string({ description: 'Database within them.' })),
  maxPoolSize: optional(int({ min: 1, description: 'Most connections of one client.' })),
  minPoolSize: optional(int({ min: 0, description: 'Connections that a client keeps open.' })),
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
  writeConcernW: optional(string({ description: 'How many members acknowledge a write: a number or "majority".' })),
  authSource: optional(string({ description: 'Database that holds the credentials.' })),
})

const dynamodb = object({
  region: optional(string({ description: 'AWS region.' })),
  endpointUrl: optional(string({ description: 'Another endpoint, for local development.' })),
  keyPrefix: optional(string({ description: 'Begins the name of every table.' })),
  accessKey: optional(string({ description: 'Access key id; absent: the credentials of the environment.' })),
  secretKey: optional(secret(string({ description: 'Belongs to the access key.' }))),
})

const firestore = object({
  projectId: optional(string({ description: 'Google Cloud project.' })),
  credentialsJson: optional(secret(string({ description: "A service account's key, as JSON." }))),
  databaseId: optional(string({ description: 'Database within the project; absent: the default one.' })),
})

const drivers = { mongodb: optional(mongodb), dynamodb: optional(dynamodb), firestore: optional(firestore) }
const driverName = optional(string({ description: 'Name of a listed driver; may be absent where only one is listed.' }))

const backend = object({
  name: string({
    shape: 'a name of letters, digits, "_" and "-"',
    test: (text) => /^[\w-]{1,64}$/.test(text),
    description: 'What the store is injected by: `named(DocumentStore, name)`.',
  }),
  driver: driverName,
  primary: withDefault(
    boolean({ description: 'Answers to the plain `DocumentStore`; without one, the first does.' }),
    false,
  ),
  ...drivers,
})

/** Section `nosql`: `LEX_NOSQL__DRIVER`, `LEX_NOSQL__MONGODB__URI` or `MONGODB_URI`, `LEX_NOSQL__BACKENDS__0__NAME`, … */
export const NoSqlConfig = section(
  'nosql',
  refine(
    object({
      driver: driverName,
      ...drivers,
      backends: optional(list(backend, { description: 'Several named stores, in place of the single one above.' })),
      work: withDefault(
        oneOf(['allow', 'warn', 'deny'], { description: 'What to do about scans and sorts outside of the backend.' }),
        'warn',
      ),
      cursorSecret: cursorSecretSetting(),
    }),
    ({ backends = [] }) => [
      ...repeatedNames(backends),
      ...backends.flatMap((entry, index) => {
        const another = entry.primary && backends.findIndex((other) => other.primary) !== index
        return another ? [{ path: ['backends', index, 'primary'], message: 'must not be set: another one is' }] : []
      }),
    ],
  ),
  {
    aliases: {
      'mongodb.uri': ['MONGODB_URI', 'MONGO_URL'],
      'dynamodb.region': 'AWS_REGION',
      cursorSecret: cursorSecretAlias,
    },
    description: 'The document stores. Drivers for mongodb, dynamodb and firestore are not in this release yet.',
  },
)
export type NoSqlConfig = SectionValue<typeof NoSqlConfig>

function repeatedNames(backends: readonly { readonly name: string }[]) {
  const names = backends.map(({ name }) => name)
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: ['backends', index, 'name'], message: 'must differ from the others' }],
  )
}
