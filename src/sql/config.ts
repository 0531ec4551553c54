import { cursorSecretAlias, cursorSecretSetting } from '../core/cursor/cursor-secret.ts'
import { namedEntryFields, namedEntryIssues, primaryOf } from '../core/setting/named-entries.ts'
import {
  boolean,
  duration,
  int,
  list,
  object,
  optional,
  refine,
  secret,
  string,
  withDefault,
} from '../core/setting/schema.ts'
import { section, type SectionValue } from '../core/setting/section.ts'
import { defaultMaxAnswerBytes, defaultPoolSize } from './contract/default-limits.ts'
import { createSchema, refuse, type Schema } from '../core/setting/schema-node.ts'
import type { Secret } from '../core/setting/secret.ts'
import type { StandardIssue } from '../core/setting/standard-schema.ts'

const urlShape = 'a URL such as postgresql://user:password@host/database'

const url = databaseUrlSetting(
  'The database, with its credentials, or the binding of a Hyperdrive. The scheme picks the driver: `postgresql:`, `pglite:`.',
)
const replicas = optional(
  list(databaseUrlSetting(''), {
    description: 'URLs or bindings of its read replicas, which read-only sessions use.',
  }),
)
const driver = optional(string({ description: 'Name of a listed driver; default: the first that accepts the URL.' }))
const poolSize = int({
  min: 1,
  max: 1000,
  description: 'Most open connections of a pool; over Neon, of a session.',
})
const poolTimeout = duration({ unit: 's', description: 'Longest wait for a connection, in seconds.' })
const statementTimeout = duration({
  unit: 's',
  min: 1,
  description: 'Time limit of one call, including COMMIT and ROLLBACK, in seconds.',
})

const maxAnswerBytes = int({
  min: 1,
  description: 'Largest answer to one call, in bytes; a larger one is an error, and is not kept in memory.',
})

const { name, primary } = namedEntryFields('DatabaseProvider', 'database')
const backend = object({
  name,
  primary,
  url: optional(url),
  replicas,
  driver,
  poolSize: optional(poolSize),
  poolTimeout: optional(poolTimeout),
  statementTimeout: optional(statementTimeout),
  maxAnswerBytes: optional(maxAnswerBytes),
})

/** Section `database`: `LEX_DATABASE__URL` or `DATABASE_URL`, `LEX_DATABASE__POOL_SIZE`, … */
export const DatabaseConfig = section(
  'database',
  refine(
    object({
      url: optional(url),
      replicas,
      driver,
      echo: withDefault(
        boolean({ description: 'Passes every call, without parameters, to the logger of `sqlProvider`.' }),
        false,
      ),
      poolSize: withDefault(poolSize, defaultPoolSize),
      poolTimeout: withDefault(poolTimeout, 30),
      statementTimeout: withDefault(statementTimeout, 30),
      maxAnswerBytes: withDefault(maxAnswerBytes, defaultMaxAnswerBytes),
      cursorSecret: cursorSecretSetting(),
      backends: optional(list(backend, { description: 'Several named databases, in place of the single one above.' })),
    }),
    issuesOf,
  ),
  {
    aliases: { url: ['DATABASE_URL', 'HYPERDRIVE'], cursorSecret: cursorSecretAlias },
    description:
      'The SQL database, or several. A named database uses the driver, pool and time settings of the section unless it sets ' +
      'its own. The primary can also use its URL.',
  },
)
/** The settings of the section `database`. */
export type DatabaseConfig = SectionValue<typeof DatabaseConfig>

interface Place {
  readonly url: unknown
  readonly replicas: unknown
}

/** Every database needs a URL, and the primary of several may have that of the section, which platforms set. */
function issuesOf(config: Place & { readonly backends: readonly BackendEntry[] | undefined }): StandardIssue[] {
  const { backends = [] } = config
  const missing = `expected ${urlShape}`
  if (backends.length === 0) return config.url === undefined ? [{ path: ['url'], message: missing }] : []
  const first = primaryOf(backends)
  const unused = 'must not be set: the primary of the backends has its own'
  return [
    ...namedEntryIssues(backends),
    ...(config.replicas !== undefined && hasPlace(first) ? [{ path: ['replicas'], message: unused }] : []),
    ...backends.flatMap((entry, index) => {
      if (entry.url !== undefined || (entry === first && config.url !== undefined)) return []
      return [{ path: ['backends', index, 'url'], message: missing }]
    }),
  ]
}

function hasPlace(entry: Place | undefined): boolean {
  return entry?.url !== undefined || entry?.replicas !== undefined
}

type BackendEntry = Place & { readonly name: string; readonly primary: boolean }

/** A database's URL, or a binding that has one as `connectionString`, as that of Hyperdrive does. */
function databaseUrlSetting(description: string): Schema<Secret<string>> {
  return secret(
    createSchema({ shape: urlShape, description }, (input) => {
      const given: unknown =
        typeof input === 'object' && input !== null ? Reflect.get(input, 'connectionString') : input
      return typeof given === 'string' && URL.canParse(given) ? { value: given } : refuse(`expected ${urlShape}`)
    }),
  )
}
