import { ConfigurationError } from '../../config/configuration-error.ts'
import { logLevels, type LogLevel } from '../../core/log/log.ts'

const variable = 'LEX_LOG__LEVEL'

/**
 * The lowest level that is written, by `LEX_LOG__LEVEL`, also for an application without a configuration.
 *
 * @throws ConfigurationError `LEX_ERR_CFG_001` for another word
 */
export function logLevelOf(env: object): LogLevel {
  const given: unknown = Reflect.get(env, variable)
  const word = typeof given === 'string' ? given.trim().toLowerCase() : (given ?? '')
  if (word === '') return 'info'
  const level = logLevels.find((each) => each === word)
  if (level !== undefined) return level
  const message = `must be one of ${logLevels.join(', ')}`
  throw new ConfigurationError([{ section: 'log', variable, aliases: [], message }])
}
