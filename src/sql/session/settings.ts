import { UsageError } from '../../core/errors.ts'
import type { Statement } from '../contract/driver.ts'

/** Run-time settings by name, for example `{ 'app.tenant_id': 'acme' }`. */
export type Settings = Readonly<Record<string, string>>

/** @throws UsageError for what is not a record of settings: without them a policy may show more */
export function assertSettings(settings: unknown): asserts settings is Settings {
  if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) return
  throw new UsageError('settings must be an object', { hint: "Write withSettings({ 'app.tenant_id': tenant })." })
}

/**
 * The statement that applies settings until the end of its transaction, so that they hold over HTTP too and never
 * reach another user of the connection.
 *
 * @throws UsageError for a name that PostgreSQL would not take, for another login, and for a value that is not text, or
 * cannot be sent as it is
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET
 */
export function settingsStatement(settings: Settings): Statement {
  const entries = Object.entries(settings)
  // Another login is for superusers alone, whom no policy concerns.
  const wrong = entries.find(
    ([name]) => !/^(?!session_authorization$)[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/i.test(name),
  )
  if (wrong !== undefined) {
    throw new UsageError(`"${wrong[0]}" cannot name a setting`, { hint: 'Use a name such as app.tenant_id.' })
  }
  // NULL would put the setting back to its default, under which a policy may show more.
  const missing = entries.find(([, value]) => typeof value !== 'string')
  if (missing !== undefined) throw new UsageError(`the setting ${missing[0]} must be text`)
  const unsendable = entries.find(([, value]) => value.includes('\0') || !value.isWellFormed())
  if (unsendable !== undefined) {
    // Several of them would be received as one value, which may be another's.
    throw new UsageError(`the setting ${unsendable[0]} cannot have a NUL character, or half of a surrogate pair`)
  }
  const calls = entries.map((_, i) => `set_config($${i * 2 + 1}, $${i * 2 + 2}, true)`)
  return { text: `select ${calls.join(', ')}`, params: entries.flat() }
}
