import { primaryOf } from '../../core/setting/named-entries.ts'
import { reveal, type Secret } from '../../core/setting/secret.ts'
import type { DatabaseConfig } from '../config.ts'
import type { DatabaseDriver } from '../contract/driver.ts'
import { onlyDatabase } from '../session/calls/of-database.ts'
import { driverFor } from './choose-driver.ts'

/** One database that the configuration asks for. */
export interface ChosenDatabase {
  readonly name: string
  readonly driver: DatabaseDriver
  /** Absent where the URL has picked it, as it then does for replicas. */
  readonly driverName: string | undefined
  readonly url: string
  readonly replicas: readonly string[]
  readonly poolSize: number
  readonly poolTimeout: number
  readonly statementTimeout: number
  readonly maxAnswerBytes: number
}

type Backend = NonNullable<DatabaseConfig['backends']>[number]

/** Every configured database with its driver, the primary first. @throws UsageError for a driver that is not listed */
export function chooseDatabases(drivers: readonly DatabaseDriver[], config: DatabaseConfig): readonly ChosenDatabase[] {
  return configuredDatabases(config).map(({ name, settings }) => choose(drivers, settings, name))
}

/** A database with the settings that are its own, and those of the section where it has none. */
export interface ConfiguredDatabase {
  readonly name: string
  readonly settings: Settings
}

/** Every configured database, the primary first. */
export function configuredDatabases(config: DatabaseConfig): readonly ConfiguredDatabase[] {
  const { backends = [] } = config
  const primary = primaryOf(backends)
  if (primary === undefined) return [{ name: onlyDatabase, settings: config }]
  return [primary, ...backends.filter((entry) => entry !== primary)].map((entry) => ({
    name: entry.name,
    settings: settingsOf(entry, { shared: config, isPrimary: entry === primary }),
  }))
}

type Settings = Omit<DatabaseConfig, 'backends' | 'echo' | 'cursorSecret'>

/** A URL and its replicas come from one place: those of another URL are copies of another database. */
function settingsOf(
  entry: Backend,
  { shared, isPrimary }: { readonly shared: DatabaseConfig; readonly isPrimary: boolean },
): Settings {
  const place = isPrimary && entry.url === undefined ? shared : entry
  return {
    url: place.url,
    replicas: entry.replicas ?? place.replicas,
    driver: entry.driver ?? shared.driver,
    poolSize: entry.poolSize ?? shared.poolSize,
    poolTimeout: entry.poolTimeout ?? shared.poolTimeout,
    statementTimeout: entry.statementTimeout ?? shared.statementTimeout,
    maxAnswerBytes: entry.maxAnswerBytes ?? shared.maxAnswerBytes,
  }
}

function choose(drivers: readonly DatabaseDriver[], settings: Settings, name: string): ChosenDatabase {
  const { replicas = [], driver, poolSize, poolTimeout, statementTimeout, maxAnswerBytes } = settings
  const url = revealed(settings.url)
  return {
    name,
    driver: driverFor({ name, url }, drivers, driver),
    driverName: driver,
    url,
    replicas: replicas.map(revealed),
    poolSize,
    poolTimeout,
    statementTimeout,
    maxAnswerBytes,
  }
}

/** The section has been checked: a database has a URL. */
function revealed(url: Secret<string> | undefined): string {
  return url === undefined ? '' : reveal(url)
}
