import type { ConfigurationIssue } from '../../config/configuration-error.ts'
import { nearestName } from '../../core/nearest-name.ts'
import { UsageError } from '../../core/errors.ts'
import { primaryOf } from '../../core/setting/named-entries.ts'
import { variableName } from '../../core/setting/env-name.ts'
import { NoSqlConfig } from '../config.ts'
import type { DocumentDriver, OpenSettings } from '../contract/driver.ts'
import type { NoSqlSettings } from './load-settings.ts'

/** The name of a store where it is the only one. */
export const onlyStore = 'default'

/** One store that the configuration asks for. */
export interface ChosenBackend {
  readonly name: string
  readonly primary: boolean
  readonly driver: DocumentDriver
  readonly settings: OpenSettings
  /** The key of its settings in the section. */
  readonly path: readonly string[]
}

/** Every configured store with its driver, the primary first. @throws UsageError for one that is not listed */
export function chooseBackends(drivers: readonly DocumentDriver[], config: NoSqlSettings): readonly ChosenBackend[] {
  const { backends = [] } = config
  if (backends.length === 0) {
    const driver = chooseDriver(drivers, config.driver, [])
    return [{ name: onlyStore, primary: true, driver, settings: settingsOf(config[driver.name], undefined), path: [] }]
  }
  const primary = primaryOf(backends)
  const chosen = backends.map((entry, index) => {
    const { name } = entry
    const path = ['backends', String(index)]
    const driver = chooseDriver(drivers, entry.driver ?? config.driver, path)
    const section = withShared(driver, membersOf(entry)[driver.name], config[driver.name])
    return { name, primary: entry === primary, driver, settings: settingsOf(section, name), path }
  })
  return chosen.toSorted((a, b) => Number(b.primary) - Number(a.primary))
}

/** The variables without which the chosen drivers cannot be opened. */
export function missingSettings(backends: readonly ChosenBackend[]): ConfigurationIssue[] {
  return backends.flatMap(({ driver, settings, path }) => {
    const { required = [], schema, aliases = {} } = driver.settings ?? {}
    // What the schema of the driver has made.
    const given = (settings.config ?? {}) as Readonly<Record<string, unknown>>
    return required.flatMap((key) => {
      if (given[key] !== undefined) return []
      const expected = schema?.fields?.[key]?.shape ?? 'a value'
      return [
        {
          section: NoSqlConfig.name,
          variable: variableName(NoSqlConfig.name, [...path, driver.name, key]),
          aliases: path.length === 0 ? [aliases[key] ?? []].flat() : [],
          message: `is not set; expected ${expected}, which the ${driver.name} driver needs`,
        },
      ]
    })
  })
}

function chooseDriver(
  drivers: readonly DocumentDriver[],
  name: string | undefined,
  path: readonly string[],
): DocumentDriver {
  const listed = drivers.map((driver) => driver.name).join(', ') || 'none'
  const variable = variableName(NoSqlConfig.name, [...path, 'driver'])
  if (name === undefined) {
    const [only, ...others] = drivers
    if (only !== undefined && others.length === 0) return only
    throw new UsageError(`a document driver cannot be chosen: configuration names none (listed: ${listed})`, {
      hint: drivers.length === 0 ? 'List one in noSqlProvider({ drivers: [ … ] }).' : `Set ${variable}.`,
    })
  }
  const found = drivers.find((driver) => driver.name === name)
  if (found !== undefined) return found
  throw new UsageError(
    `the document driver "${name}" cannot be used: the entry point does not list it (listed: ${listed})`,
    {
      hint: howToList(drivers, name, variable),
    },
  )
}

/** Each is a function of its name, in an entry point of its name. */
const ofThisPackage: ReadonlySet<string> = new Set(['memory', 'mongodb', 'dynamodb', 'firestore'])

function howToList(drivers: readonly DocumentDriver[], name: string, variable: string): string {
  const meant = nearestName(
    name,
    drivers.map((driver) => driver.name),
  )
  if (meant !== undefined) return `Correct ${variable}: did you mean ${meant}?`
  if (ofThisPackage.has(name)) {
    return `Correct ${variable}, or list ${name}() in the entry point: import { ${name} } from 'lexigram-edge/nosql/${name}'`
  }
  const example = drivers[0] === undefined ? '' : `, as is done with: ${drivers[0].import}`
  return `Correct ${variable}, or import the driver in the entry point and list it${example}`
}

/** Takes each group as a whole: the session token of one identity is worth nothing with the keys of another. */
function withShared({ settings }: DocumentDriver, own: unknown, common: unknown): unknown {
  const { shared = [] } = settings ?? {}
  const [given, offered] = [membersOf(own), membersOf(common)]
  const taken = shared
    .filter((group) => group.every((key) => given[key] === undefined))
    .flatMap((group) => group.flatMap((key) => (offered[key] === undefined ? [] : [[key, offered[key]] as const])))
  return taken.length === 0 ? own : { ...given, ...Object.fromEntries(taken) }
}

/** By default every named store of one driver has a separate database. */
function settingsOf(config: unknown, name: string | undefined): OpenSettings {
  const own = membersOf(config)['database']
  const database = typeof own === 'string' ? own : name
  return { ...(database !== undefined && { database }), config }
}

/** A driver's section is what its schema makes: an object, or undefined where nothing is set. */
function membersOf(section: unknown): Readonly<Record<string, unknown>> {
  return typeof section === 'object' && section !== null ? { ...section } : {}
}
