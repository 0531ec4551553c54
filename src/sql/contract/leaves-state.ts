import type { Statement } from './driver.ts'
import { replaceQuoted } from '../../core/quoted-sql.ts'

/** What undoes settings and locks of a session, one after the other. DISCARD ALL would change the role as well. */
export const forgetSettings: readonly string[] = ['reset all', 'select pg_advisory_unlock_all()']

/** A first look, without taking strings and comments out: most statements have none of it. */
const suspicious =
  /\b(?:set|reset|listen|load|prepare|declare|temp|temporary|set_config|pg_advisory_lock|pg_advisory_lock_shared|pg_try_advisory_lock|pg_try_advisory_lock_shared|pg_temp|pg_settings|do|call)\b|\bu&"/i

const leaves = [
  /^[\s;]*(?:set\s+(?!local\b|transaction\b|constraints\b)|(?:reset|listen|load|prepare|declare|do|call)\b)/i,
  /\bpg_temp\s*\./i,
  /\b(?:create|into)\s+(?:(?:local|global)\s+)?temp(?:orary)?\b/i,
  /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i,
  // With `true` at its end it is for the transaction only, as that of a session's settings.
  /\bset_config\s*\((?![^()]*,\s*true\s*\))/i,
]

/** Names count without their quotes, and one that Unicode escapes spell may be any of them. */
const withNames = {
  quoted: (part: string): string => (part.startsWith('"') ? part.slice(1, -1).replaceAll(/\W/g, '_') : ' '),
}
const escapedName = /\bu&"/i

/**
 * Whether a statement changes the state of the server's session: a setting, a role, a temporary table, a lock.
 * With a pool the next request would find it. A block or a procedure may do so; what a function of the database does inside
 * is not seen.
 */
export function leavesState({ text }: Statement): boolean {
  if (!suspicious.test(text)) return false
  if (escapedName.test(text)) return true
  const words = replaceQuoted(text, withNames)
  const setsByTable = /\bpg_settings\b/i.test(words) && /\bupdate\b/i.test(words)
  return setsByTable || leaves.some((pattern) => pattern.test(words))
}

/** A block or a procedure may do nothing of it, and what ends with its transaction is gone. */
const mayLeaveNothing = /^[\s;]*(?:do|call)\b|^[\s;]*declare\b(?!.*\bwith\s+hold\b)|\bon\s+commit\s+drop\b/is

/** Whether a statement leaves state in the server's session in any case, as far as it is carried out. */
export function surelyLeavesState(statement: Statement): boolean {
  if (!leavesState(statement) || escapedName.test(statement.text)) return false
  return !mayLeaveNothing.test(replaceQuoted(statement.text, withNames))
}
