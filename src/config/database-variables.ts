import { ConfigurationError } from './configuration-error.ts'
import { isUnset } from './env-tree.ts'
import type { Section } from '../core/setting/section.ts'

/** What drivers of databases read from the environment; boot warns of a database's URL that nothing reads. */
export interface DatabaseVariables {
  /** Variables that the drivers read beyond the sections of the configuration. */
  readonly read: readonly string[]
  /** Here, so that only applications with drivers have it in their bundles. */
  readonly findUnread: typeof findUnreadDatabases
}

/** Names by which hosts, tools and vendors say where a database is, the one that is read first; and what reads it. */
const kinds: readonly (readonly [section: string, reader: string, ...names: readonly string[]])[] = [
  ['database', 'sqlProvider', 'DATABASE_URL', 'POSTGRES_URL'],
  ['nosql', 'mongodb', 'MONGODB_URI', 'MONGO_URL', 'MONGODB_URL', 'MONGO_URI'],
  ['nosql', 'firestore', 'FIRESTORE_PROJECT', 'FIRESTORE_CREDENTIALS', 'FIRESTORE_EMULATOR_HOST'],
  ['nosql', 'dynamodb', 'DYNAMODB_ENDPOINT', 'AWS_ENDPOINT_URL_DYNAMODB'],
]

/**
 * Names the variables that are set and say where a database is, while nothing reads them. A kind of database is left out
 * if another of its variables is read, because hosts set several at once. Without this warning, an application whose
 * driver is not listed would silently keep its data elsewhere.
 */
export function findUnreadDatabases(
  drivers: readonly DatabaseVariables[],
  sections: readonly Section<unknown>[],
  env: object,
): ConfigurationError | undefined {
  const read = new Set([
    ...drivers.flatMap((driver) => driver.read),
    ...sections.flatMap(({ aliases }) => Object.values(aliases).flat()),
  ])
  const issues = kinds.flatMap(([section, reader, ...names]) => {
    const set = names.filter((name) => !isUnset(Reflect.get(env, name)))
    if (set.some((name) => read.has(name))) return []
    const message = `is set, and neither a section nor a listed driver reads it; ${reader}() reads ${names[0]}`
    return set.map((variable) => ({ section, variable, aliases: [], message }))
  })
  if (issues.length === 0) return undefined
  return new ConfigurationError(issues, { hint: 'List the driver, or unset the variable.' })
}
