import type { Statement } from '../../contract/driver.ts'
import { bareText } from '../../session/statements/bare-text.ts'

/** A first look, without taking strings and comments out: most statements have none of it. */
const suspicious =
  /\b(?:set|reset|listen|load|prepare|declare|temp|temporary|set_config|pg_advisory_lock|pg_advisory_lock_shared|pg_try_advisory_lock|pg_try_advisory_lock_shared)\b/i

const leaves = [
  /^[\s;]*(?:set\s+(?!local\b|transaction\b|constraints\b)|reset\b|listen\b|load\b|prepare\b|declare\b)/i,
  /\b(?:create|into)\s+(?:(?:local|global)\s+)?temp(?:orary)?\b/i,
  /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i,
  // With `true` at its end it is for the transaction only, as that of a session's settings.
  /\bset_config\s*\((?![^()]*,\s*true\s*\))/i,
]

/**
 * Whether a statement changes the state of the server's session: a setting, a role, a temporary table, a lock.
 * With a pool the next request would find it. What a function of the database does inside is not seen.
 */
export function leavesState({ text }: Statement): boolean {
  if (!suspicious.test(text)) return false
  const bare = bareText(text)
  return leaves.some((pattern) => pattern.test(bare))
}
