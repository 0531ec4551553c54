import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { isSecret } from '../../core/setting/secret.ts'
import type { DocumentDriver } from './driver.ts'

const beSecret: OptionCheck = { expected: 'a secret, made by toSecret(…)', holds: (value) => isSecret(value) }

/**
 * Refuses what a store by hand is configured with where the driver has no such setting: a misspelt table would put
 * documents elsewhere. A driver that describes no settings takes anything.
 *
 * @throws UsageError that names the setting, and never its value
 */
export function assertDriverConfig({ name, settings }: DocumentDriver, config: unknown): void {
  const { fields } = settings?.schema ?? {}
  if (config === undefined || fields === undefined) return
  const checks = Object.entries(fields).map(([key, { secret }]) => [key, secret ? beSecret : must.beAnything] as const)
  assertOptions(config, Object.fromEntries(checks), `the config of ${name}`)
}
