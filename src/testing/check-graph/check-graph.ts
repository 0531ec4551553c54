import { ContainerValidationError, type ContainerIssue } from '../../container/errors.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { meantName } from '../../core/nearest-name.ts'
import type { Application } from '../../runtime/application.ts'
import { assertApplication } from '../../runtime/assert-application.ts'
import type { RuntimeTraits } from '../../runtime/provider.ts'
import {
  lambdaTraits,
  sharedRuntime,
  vercelEdgeTraits,
  vercelTraits,
  workersTraits,
} from '../../runtime/runtime-traits.ts'
import { joinIssues } from './combinations.ts'
import { possibleGraphs } from './possible-graphs.ts'
import { registerAndSeal } from './register-and-seal.ts'

/** The runtimes that have an adapter. */
export const traitsByName = {
  node: sharedRuntime,
  lambda: lambdaTraits,
  vercel: vercelTraits,
  'vercel-edge': vercelEdgeTraits,
  workers: workersTraits,
}

/** A runtime that has an adapter. */
export type RuntimeName = keyof typeof traitsByName

/** Options of `checkGraph`. */
export interface CheckGraphOptions {
  /** Whose facts hold: a runtime that has an adapter, or the traits of another one. */
  readonly runtime: RuntimeName | RuntimeTraits
  /**
   * A sample of the environment, to check one configuration: its driver, the names of its document stores. A section that
   * it does not fill is left out, and a provider with choices that reads it is checked with every one.
   *
   * @default no environment: every choice of every provider is checked
   */
  readonly env?: object
}

const checks = { runtime: must.beAnything, env: must.beAnything }

/**
 * Checks the whole graph of an application as a runtime would see it when it boots: what is missing, cyclic, captive,
 * or holds a socket where sockets die with the request, and providers that cannot register. Providers register; no
 * factory is called, nothing boots, no environment is needed and nothing outside the process is asked.
 *
 * Where only the configuration decides, such as among the drivers that are listed, every choice is checked, and an issue
 * of some of them says which. A document store that is asked for by name counts as configured.
 *
 * @throws ContainerValidationError `LEX_ERR_DI_008` with every issue at once
 * @throws UsageError `LEX_ERR_USE_001` for a runtime that is not known
 * @example
 * import { checkGraph } from 'lexigram-edge/testing'
 *
 * it('fits together on Workers', () => checkGraph(app, { runtime: 'workers' }))
 */
export async function checkGraph(app: Application, options: CheckGraphOptions): Promise<void> {
  assertApplication(app)
  const { runtime, env } = assertOptions(options, checks, 'the options of checkGraph')
  const { providers, order, combinations, sample } = await possibleGraphs(app, { runtime: traitsOf(runtime), env })
  // One after the other, as a provider is never asked to register twice at a time.
  const found: (readonly ContainerIssue[])[] = []
  for (const combination of combinations) {
    found.push((await registerAndSeal(providers, combination, sample)).issues)
  }
  const issues = [...order, ...joinIssues(combinations, found)]
  if (issues.length > 0) throw new ContainerValidationError(issues)
}

/** @throws UsageError for a runtime that is not known */
export function traitsOf(runtime: RuntimeName | RuntimeTraits): RuntimeTraits {
  if (typeof runtime === 'object' && typeof runtime.socketsOutliveRequests === 'boolean') return runtime
  const known: Readonly<Record<string, RuntimeTraits>> = traitsByName
  const name = String(runtime)
  const found = Object.hasOwn(known, name) ? known[name] : undefined
  if (found !== undefined) return found
  const names = Object.keys(known)
  throw new UsageError(`the runtime of checkGraph must be one of ${names.join(', ')}, or the traits of another`, {
    hint: meantName(name, names),
  })
}
