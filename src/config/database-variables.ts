import type { ConfigurationIssue } from './configuration-error.ts'
import { isUnset } from './env-tree.ts'

interface DatabaseKind {
  /** Names by which hosts, tools and vendors say where such a database is. */
  readonly names: readonly string[]
  readonly section: string
  /** How an application comes to read one of the names. */
  readonly remedy: string
}

const kinds: readonly DatabaseKind[] = [
  {
    names: ['DATABASE_URL', 'POSTGRES_URL'],
    section: 'database',
    remedy: 'configure DatabaseConfig and list sqlProvider, which reads DATABASE_URL',
  },
  {
    names: ['MONGODB_URI', 'MONGODB_URL', 'MONGO_URL', 'MONGO_URI'],
    section: 'nosql',
    remedy: "list mongodb() of 'lexigram-edge/nosql/mongodb', which reads MONGODB_URI and MONGO_URL",
  },
  {
    names: ['FIRESTORE_EMULATOR_HOST', 'FIRESTORE_CREDENTIALS', 'FIRESTORE_PROJECT'],
    section: 'nosql',
    remedy: "list firestore() of 'lexigram-edge/nosql/firestore'",
  },
  {
    names: ['DYNAMODB_ENDPOINT', 'AWS_ENDPOINT_URL_DYNAMODB'],
    section: 'nosql',
    remedy: "list dynamodb() of 'lexigram-edge/nosql/dynamodb'",
  },
]

/**
 * Variables that name a database and are read by nothing, unless another name of the same kind of database is read:
 * hosts set several at once. An application whose driver is not listed would keep its data elsewhere without a word.
 *
 * @param read Every variable that a section or a listed driver reads.
 */
export function findUnreadDatabases(read: ReadonlySet<string>, env: object): ConfigurationIssue[] {
  const isSet = (name: string): boolean => !isUnset(Reflect.get(env, name))
  return kinds.flatMap(({ names, section, remedy }) => {
    const set = names.filter(isSet)
    if (set.some((name) => read.has(name))) return []
    return set.map((variable) => ({
      section,
      variable,
      aliases: [],
      message: `is set, and neither a section nor a listed driver reads it; ${remedy}, or unset it`,
    }))
  })
}
