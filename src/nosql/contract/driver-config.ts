import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { isSecret } from '../../core/setting/secret.ts'
import type { DocumentDriverSettings } from './driver.ts'

const beSecret: OptionCheck = { expected: 'a secret, made by toSecret(…)', holds: (value) => isSecret(value) }

/**
 * Refuses what a store by hand is configured with where its driver has no such setting: a misspelt table would put
 * documents elsewhere.
 *
 * @throws UsageError that names the setting, and never its value
 */
export function assertDriverConfig<T>(config: unknown, { schema }: DocumentDriverSettings<T>, driver: string): T {
  const checks = Object.entries(schema.fields ?? {}).map(
    ([key, { secret }]) => [key, secret ? beSecret : must.beAnything] as const,
  )
  // Of the type: configuration has made it by the schema, or a program by hand.
  return assertOptions(config ?? {}, Object.fromEntries(checks), `the config of ${driver}`) as T
}
