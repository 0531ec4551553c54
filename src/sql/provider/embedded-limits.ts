import { replaceQuoted } from '../../core/quoted-sql.ts'
import type { Statement } from '../contract/driver.ts'
import { bareText } from '../session/statements/bare-text.ts'

/** What the embedded database must not be sent, and why. */
export type EmbeddedRefusal = 'login' | 'timeout'

/** A first look: most statements name nothing of it. */
const suspicious = /authorization|(?:session|transaction)_timeout|\bu&"/i

const timeout = '(?:idle_in_transaction_session|idle_session|transaction)_timeout'
const isTimeout = new RegExp(`^${timeout}$`, 'i')
const isLogin = /^session_authorization$/i
const isOff = /^(?:0(?:us|ms|s|min|h|d)?|default)$/i

/** Statements that set something by their keywords, or whose body does. */
const byKeyword = /^[\s;]*(?:set|reset|alter|do|create)\b/i
const byCall = /\bset_config\s*\(|\bupdate\s+(?:only\s+)?(?:pg_catalog\s*\.\s*)?pg_settings\b/i

const login =
  /\b(?:re)?set\s+(?:(?:session|local)\s+)?session(?:\s+|_)authorization\b|\bset_config\s*\(\s*session_authorization\b/i
const assigned = new RegExp(
  `\\b(?:set\\s+(?:(?:session|local)\\s+)?${timeout}\\s*(?:=|to\\b)|set_config\\s*\\(\\s*${timeout}\\s*,)\\s*([^\\s,;)]*)`,
  'gi',
)

/**
 * Finds what the embedded database would do otherwise than a server, to its user's harm. Its connection is logged in as
 * the superuser, so that it would let any session become one, past row security; and where one of three timeouts fires,
 * its next call never returns and keeps the thread. Names that a statement puts together while it runs are not seen.
 */
export function embeddedRefusal({ text, params }: Statement): EmbeddedRefusal | undefined {
  if (!suspicious.test(text) && !params.some((value) => value !== null && suspicious.test(value))) return undefined
  const bare = bareText(text)
  if (/^[\s;]*(?:re)?set\b/i.test(bare) && /\bu&"/i.test(text)) return 'login'
  const calls = byCall.test(bare)
  if (!calls && !byKeyword.test(bare)) return undefined
  const words = replaceQuoted(text, { quoted: unquoted })
  if (login.test(words) || (calls && params.some((value) => value !== null && isLogin.test(value)))) return 'login'
  const turnsOn =
    [...words.matchAll(assigned)].some(([, value = '']) => !isOff.test(value)) ||
    (calls && params.some((name, i) => name !== null && isTimeout.test(name) && !isOff.test(params[i + 1] ?? '')))
  return turnsOn ? 'timeout' : undefined
}

/** Comments become a space; what is quoted loses its quotes, and so does a body. */
function unquoted(part: string): string {
  if (part.startsWith('--') || part.startsWith('/*')) return ' '
  return part.replace(/^[eE]?['"]|^\$\w*\$|['"]$|\$\w*\$$/g, '').replaceAll(/['"]/g, '')
}
