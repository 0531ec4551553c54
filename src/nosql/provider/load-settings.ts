import { ConfigurationError } from '../../config/configuration-error.ts'
import { loadSection } from '../../config/load-section.ts'
import { normalKey, separator, variableName } from '../../core/setting/env-name.ts'
import { nearestName } from '../../core/nearest-name.ts'
import { NoSqlConfig, noSqlSection } from '../config.ts'
import type { DocumentDriver } from '../contract/driver.ts'

/** The section `nosql` with what each listed driver has in it, by the driver's name. */
export type NoSqlSettings = NoSqlConfig & Readonly<Record<string, unknown>>

/**
 * Reads the section again, now that the drivers are known. A section of a driver that is not listed is left alone, unless
 * it is spelt almost like one that is; where the configuration does not choose a driver either, `warn` receives a
 * warning.
 *
 * @throws ConfigurationError with everything that is wrong
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
  const { driver, backends = [{ driver }] } = loaded.value
  if (foreign.size > 0 && backends.some((backend) => (backend.driver ?? driver) === undefined)) {
    warn(unreadSettings([...foreign], drivers, env))
  }
  return loaded.value
}

/** Names the variables where they are known, and the section where it is given as JSON. */
function unreadSettings(keys: readonly string[], drivers: readonly DocumentDriver[], env: object): ConfigurationError {
  const { name: section } = NoSqlConfig
  const listed = drivers.map(({ name }) => name).join(', ')
  const issues = keys.flatMap((key) => {
    const variables = Object.keys(env).filter((variable) => {
      const [start, ...steps] = variable.split(separator)
      return start?.toUpperCase() === variableName(section) && steps.some((step) => normalKey(step) === normalKey(key))
    })
    const message = `is set for ${key}, which is not a listed driver (listed: ${listed})`
    const named = variables.length === 0 ? [variableName(section)] : variables
    return named.map((variable) => ({ section, variable, aliases: [], message }))
  })
  const hint = `List the driver, or set ${variableName(section, ['driver'])} to the one that is meant.`
  return new ConfigurationError(issues, { hint })
}
