/** An `_id` as text that can name a document, and that sorts as `_id`s do. */

import { DocumentValidationError } from '../errors.ts'
import type { Value } from '../query/value.ts'
import { textBytes } from '../query/text-bytes.ts'
import { numberHex } from './encode-number.ts'

const mostBytes = 1500
/** One for all, as making it costs more than what is done with it. */
const view = new DataView(new ArrayBuffer(8))
const numberMark = '!n'
const textMark = '!t'
const last = '\u{10ffff}'
/** Between a full stop with whatever follows it, and the digit 0: where the slash has its place. */
const slash = `.${last}1`

/**
 * The text of an `_id`: at most 1,500 bytes of UTF-8, without a slash, and neither `.`, `..` nor `__…__`. The order of
 * the texts by code point is that of the ids: numbers before strings. A string stays what it is, unless it has one of
 * these or begins with a character up to `!`, so that documents that other programs have named are found.
 *
 * @throws DocumentValidationError for a string that is not well-formed Unicode, a text that would be too long, and
 *   ids of other types
 * @example
 * idText('alice@example.com') // 'alice@example.com'
 * idText(7) // '!nc01c000000000000'
 */
export function idText(id: Value): string {
  if (typeof id !== 'string') return numberMark + hexOf(id)
  const text = textOf(id)
  if (textBytes(text) <= mostBytes) return text
  throw invalid(`_id must be at most ${mostBytes} bytes long`, 'Use a shorter _id, such as a hash of this one.')
}

/** The `_id` of a text that `idText` made, or of a document that another program has named. */
export function idOfText(text: string): string | number | bigint {
  if (text.startsWith(numberMark)) return numberOf(text.slice(numberMark.length)) ?? text
  if (text.startsWith(textMark)) return plain(text.slice(textMark.length))
  return plain(needsEnd.test(text.slice(0, -1)) && text.endsWith('\0') ? text.slice(0, -1) : text)
}

/** Names that Firestore keeps for itself; a zero at the end, of which there may be some already, makes another one. */
const needsEnd = /^(?:\.{1,2}|__[^]*__)\0*$/

function textOf(id: string): string {
  if (/\p{Surrogate}/u.test(id))
    throw invalid('_id must be well-formed Unicode', 'Remove the half of a surrogate pair.')
  if (id === '') throw invalid('_id must not be empty')
  const escaped = id.replaceAll(last, `${last}0`).replaceAll('/', slash)
  if (escaped <= '"' && escaped.charCodeAt(0) <= 0x21) return textMark + escaped
  return needsEnd.test(escaped) ? `${escaped}\0` : escaped
}

function plain(escaped: string): string {
  return escaped.replaceAll(slash, '/').replaceAll(`${last}0`, last)
}

function hexOf(id: Value): string {
  if (typeof id !== 'number' && typeof id !== 'bigint') {
    throw invalid('_id must be a string, a number or a bigint', 'Use the text of an ObjectId: toHexString().')
  }
  return numberHex(id)
}

/** A number where it is exact, else a bigint; undefined where the digits are not those of a number. */
function numberOf(hex: string): number | bigint | undefined {
  if (!/^(?:[\da-f]{16}|[\da-f]{20})$/.test(hex)) return undefined
  const high = Number.parseInt(hex.slice(0, 8), 16)
  const low = Number.parseInt(hex.slice(8, 16), 16)
  // The highest bit is that of a number that is not negative; of the others all bits are turned over.
  view.setUint32(0, high >= 0x8000_0000 ? high - 0x8000_0000 : ~high)
  view.setUint32(4, high >= 0x8000_0000 ? low : ~low)
  const double = view.getFloat64(0)
  const rest = hex.length === 16 ? 0 : Number.parseInt(hex.slice(16), 16)
  return rest === 0 ? double : BigInt(double) + BigInt(rest)
}

function invalid(message: string, hint?: string): DocumentValidationError {
  return new DocumentValidationError(message, { reason: 'BadValue', path: '_id', hint })
}
