import { assertOptions, must, wrongOption, type OptionCheck } from '../core/assert-options.ts'
import { UsageError } from '../core/errors.ts'
import { problemChecks } from '../core/problem-options.ts'
import type { ApplicationOptions } from './application-options.ts'
import { assertArgument } from '../core/assert-argument.ts'
import { assertProviders } from './provider.ts'

const bePathOrFalse: OptionCheck = {
  expected: "false, or a path such as '/health': it begins with a slash, and does not end with one",
  holds: (value) => value === false || isPath(value),
  kind: 'string',
}

const optionChecks = {
  name: must.beText,
  // Checked apart, with their own hints, as is the tracer.
  config: must.beAnything,
  providers: must.beAnything,
  fetch: must.beAnything,
  health: bePathOrFalse,
  onError: must.beFunction,
  log: must.beFunction,
  disposeTimeout: must.beNumberFrom(0),
  tracer: must.beAnything,
  statuses: problemChecks.statuses,
  problemTypes: problemChecks.problemTypes,
} satisfies Readonly<Record<keyof ApplicationOptions, OptionCheck>>

/** @throws UsageError `LEX_ERR_USE_001` that names the option, and what it must be */
export function assertApplicationOptions(given: ApplicationOptions): void {
  assertArgument(given, 'the argument of createApplication', { hint: "createApplication({ name: 'app', fetch })" })
  const { providers = [], config, tracer, fetch } = given
  assertProviders(providers)
  if (config !== undefined) {
    assertArgument(config, 'config', { members: ['load', 'sections'], hint: 'config: defineConfig({ … })' })
  }
  if (tracer !== undefined) {
    const hint = 'tracer: createTracer(sink), or that of a sink, such as openTelemetry()'
    assertArgument(tracer, 'tracer', { members: ['start', 'measure', 'reportTo'], hint })
  }
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new UsageError(wrongOption('fetch', must.beFunction, fetch), { hint: 'For a Hono app: fetch: app.fetch' })
  }
  assertOptions(given, optionChecks, 'the options of createApplication')
}

/** Whether it is how the path of a URL is written: anything else would never be asked for. */
function isPath(value: unknown): boolean {
  if (typeof value !== 'string' || !value.startsWith('/') || value.endsWith('/')) return false
  return new URL(`http://x${value}`).pathname === value
}
