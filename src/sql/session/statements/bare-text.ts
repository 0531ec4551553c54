import { replaceQuoted } from '../../../core/quoted-sql.ts'

/** A quoted name becomes a word that no keyword is. */
const replacement = { quoted: (part: string): string => (part.startsWith('"') ? 'q_' : ' ') }

/**
 * A statement without what its author quoted: strings and comments become a space, quoted names a word that is not a
 * keyword. For questions about keywords, never for sending.
 */
export function bareText(text: string): string {
  return replaceQuoted(text, replacement)
}
