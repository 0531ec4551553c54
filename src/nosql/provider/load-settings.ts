import { ConfigurationError } from '../../config/configuration-error.ts'
import { loadSection } from '../../config/load-section.ts'
import { variableName } from '../../core/setting/env-name.ts'
import { nearestName } from '../../core/nearest-name.ts'
import { noSqlSection, type NoSqlConfig } from '../config.ts'
import type { DocumentDriver } from '../contract/driver.ts'

/** The section `nosql` with what each listed driver has in it, by the driver's name. */
export type NoSqlSettings = NoSqlConfig & Readonly<Record<string, unknown>>

/**
 * Reads the section again, now that the drivers are known. A section of a driver that is not listed is left alone, unless
 * it is spelt almost like one that is; where the configuration does not choose a driver either, `warn` hears of it.
 *
 * @throws {ConfigurationError} with everything that is wrong
 */
export async function loadSettings(
  drivers: readonly DocumentDriver[],
  env: object,
  warn: (warning: ConfigurationError) => void,
): Promise<NoSqlSettings> {
  const foreign = new Set<string>()
  const section = noSqlSection(drivers, (key, _value, known) => {
    const isForeign = nearestName(key, known) === undefined
    if (isForeign) foreign.add(key)
    return isForeign
  })
  const loaded = await loadSection(section, env)
  if ('issues' in loaded) throw new ConfigurationError(loaded.issues)
  if (foreign.size > 0 && loaded.value.driver === undefined && loaded.value.backends === undefined) {
    const issues = [...foreign].map((key) => ({
      section: section.name,
      variable: variableName(section.name, [key]),
      aliases: [],
      message: `is set, and no listed driver reads it (listed: ${drivers.map(({ name }) => name).join(', ')})`,
    }))
    const hint = `List the driver, or set ${variableName(section.name, ['driver'])} to the one that is meant.`
    warn(new ConfigurationError(issues, { hint }))
  }
  return loaded.value
}
