import { createContainer, type Container } from '../../container/container.ts'
import { factory } from '../../container/registration.ts'
import type { ApplicationOptions } from '../application-options.ts'
import { LazyRequestContext } from '../invocation/execution-context.ts'
import { writeToConsole } from '../log/console-writer.ts'
import { createLog } from '../log/create-log.ts'
import { RequestContext } from '../invocation/request-context.ts'
import type { RuntimeTraits } from '../provider.ts'
import { Log, logLevels, type LogLevel } from '../../core/log/log.ts'
import type { Token } from '../../core/token.ts'
import { ConfigurationError } from '../../config/configuration-error.ts'

/** What an application's container is made for. */
export interface ContainerSetting {
  readonly env: object
  readonly runtime: RuntimeTraits
  /** The value of each section, by the section. */
  readonly sections: ReadonlyMap<Token<unknown>, unknown>
  /** Allows `override`. @default false */
  readonly testing?: boolean
}

/** The container of an application with what no provider registers: the sections, and the context and log of a request. */
export function createApplicationContainer(
  options: ApplicationOptions,
  { env, runtime, sections, testing = false }: ContainerSetting,
): Container {
  const report = options.onError ?? (() => {})
  const container = createContainer({
    socketsOutliveRequests: runtime.socketsOutliveRequests,
    sharesPending: runtime.sharesPending,
    disposeTimeout: options.disposeTimeout ?? 5000,
    testing,
    onError: (error) => report({ error, phase: 'dispose' }),
    onLeak: options.tracer && (() => options.tracer?.measure({ is: 'leak' })),
  })
  for (const [section, value] of sections) container.value(section, value)
  container.scoped(
    RequestContext,
    detachedContext(env, (error) => report({ error, phase: 'waitUntil' })),
  )
  const write = options.log ?? writeToConsole
  const lowest = logLevelOf(env)
  container.scoped(
    Log,
    factory([RequestContext], (context) => createLog({ write, lowest, context })),
  )
  return container
}

/** For scopes that no request opened: no deadline, and `waitUntil` work is awaited when the scope ends. */
function detachedContext(env: object, onError: (error: unknown) => void) {
  return factory([], (): RequestContext => new LazyRequestContext({ env, waitUntil: () => {} }, onError), {
    // The factory above makes no other kind.
    dispose: (context) => (context as LazyRequestContext).tasks.settle(),
  })
}

const variable = 'LEX_LOG__LEVEL'

/**
 * The lowest level that is written, by `LEX_LOG__LEVEL`, also for an application without a configuration.
 *
 * @throws ConfigurationError `LEX_ERR_CFG_001` for another word
 */
function logLevelOf(env: object): LogLevel {
  const given: unknown = Reflect.get(env, variable)
  const word = typeof given === 'string' ? given.trim().toLowerCase() : (given ?? '')
  if (word === '') return 'info'
  const level = logLevels.find((each) => each === word)
  if (level !== undefined) return level
  const message = `must be one of ${logLevels.join(', ')}`
  throw new ConfigurationError([{ section: 'log', variable, aliases: [], message }])
}
