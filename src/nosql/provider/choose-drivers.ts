import { UsageError } from '../../core/errors.ts'
import type { NoSqlConfig } from '../config.ts'
import type { DocumentDriver, OpenSettings } from '../contract/driver.ts'

/** One store that the configuration asks for. */
export interface ChosenBackend {
  readonly name: string
  readonly primary: boolean
  readonly driver: DocumentDriver
  readonly settings: OpenSettings
  /** What the names of its variables begin with. */
  readonly variables: string
}

/** Where each driver of this package is imported from, for the message that tells so. */
const imports: Readonly<Record<string, string>> = {
  memory: "import { memory } from 'lexigram-edge/nosql/memory'",
}

/** Drivers that configuration has a section for, and this package no entry yet. */
const unpublished = ['mongodb', 'dynamodb', 'firestore']

/** Every configured store with its driver, the primary first. @throws UsageError with the line to import */
export function chooseBackends(drivers: readonly DocumentDriver[], config: NoSqlConfig): readonly ChosenBackend[] {
  const { backends = [] } = config
  if (backends.length === 0) {
    const variables = 'LEX_NOSQL'
    const driver = chooseDriver(drivers, config.driver, variables)
    return [{ name: 'default', primary: true, driver, settings: settingsOf(driver, config, undefined), variables }]
  }
  const primary = backends.find((entry) => entry.primary) ?? backends[0]
  const chosen = backends.map((entry, index) => {
    const { name } = entry
    const variables = `LEX_NOSQL__BACKENDS__${index}`
    const driver = chooseDriver(drivers, entry.driver ?? config.driver, variables)
    return { name, primary: entry === primary, driver, settings: settingsOf(driver, entry, name), variables }
  })
  return chosen.toSorted((a, b) => Number(b.primary) - Number(a.primary))
}

/** The variables of URLs that chosen drivers cannot do without. */
export function missingUrls(backends: readonly ChosenBackend[]): string[] {
  return backends.flatMap(({ driver, settings, variables }) => {
    const { uri } = (settings.config ?? {}) as { uri?: unknown } // a section of NoSqlConfig
    return driver.name === 'mongodb' && uri === undefined ? [`${variables}__MONGODB__URI`] : []
  })
}

function chooseDriver(drivers: readonly DocumentDriver[], name: string | undefined, variables: string): DocumentDriver {
  const listed = drivers.map((driver) => driver.name).join(', ') || 'none'
  if (name === undefined) {
    const [only, ...others] = drivers
    if (only !== undefined && others.length === 0) return only
    throw new UsageError(`configuration does not say which document driver to use (listed: ${listed})`, {
      hint: drivers.length === 0 ? 'List one in noSqlProvider({ drivers: [ … ] }).' : `Set ${variables}__DRIVER.`,
    })
  }
  const found = drivers.find((driver) => driver.name === name)
  if (found !== undefined) return found
  throw new UsageError(`no document driver called "${name}" is listed by the entry point (listed: ${listed})`, {
    hint: howToList(name, variables),
  })
}

function howToList(name: string, variables: string): string {
  const line = imports[name]
  if (line !== undefined) return `Add it to the entry point's drivers: ${line}`
  if (unpublished.includes(name)) return `This release has no driver for ${name}: list one of your own, or memory().`
  return `Correct ${variables}__DRIVER, or list it.`
}

type Sections = Pick<NoSqlConfig, 'mongodb' | 'dynamodb' | 'firestore'>

/** Named stores of one driver live in databases of their own unless told otherwise. */
function settingsOf(driver: DocumentDriver, sections: Sections, name: string | undefined): OpenSettings {
  const config: unknown = Object.entries(sections).find(([key]) => key === driver.name)?.[1]
  const database = (driver.name === 'mongodb' ? sections.mongodb?.database : undefined) ?? name
  return { ...(database !== undefined && { database }), config }
}
