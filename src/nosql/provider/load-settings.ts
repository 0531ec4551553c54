import { ConfigurationError } from '../../config/configuration-error.ts'
import { loadSection } from '../../config/load-section.ts'
import { nearestName } from '../../core/nearest-name.ts'
import { noSqlSection, type NoSqlConfig } from '../config.ts'
import type { DocumentDriver } from '../contract/driver.ts'

/** The section `nosql` with what each listed driver has in it, by the driver's name. */
export type NoSqlSettings = NoSqlConfig & Readonly<Record<string, unknown>>

/**
 * Reads the section again, now that the drivers are known. A section of a driver that is not listed is left alone, unless
 * it is spelt almost like one that is.
 *
 * @throws ConfigurationError with everything that is wrong
 */
export async function loadSettings(drivers: readonly DocumentDriver[], env: object): Promise<NoSqlSettings> {
  const section = noSqlSection(drivers, (key, _value, known) => nearestName(key, known) === undefined)
  const loaded = await loadSection(section, env)
  if ('issues' in loaded) throw new ConfigurationError(loaded.issues)
  return loaded.value
}
