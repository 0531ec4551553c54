import type { ForeignValue } from '../../../codec/kept-forms.ts'
import { bytesOf, type AttributeValue, type Item } from './attribute-values.ts'
import { decodeValue, encodeValue, unmarked, type KnownMembers } from './value-codec.ts'

/** The values of other programs in a document: sets, and decimals with more digits than a double has. */
export function foreignValues(fields: Item): readonly ForeignValue<AttributeValue>[] {
  const found: ForeignValue<AttributeValue>[] = []
  for (const [name, stored] of Object.entries(fields)) collect(stored, [name], found)
  return found
}

function collect(stored: AttributeValue, path: readonly string[], found: ForeignValue<AttributeValue>[]): void {
  const { N, M, L }: KnownMembers = stored
  if (N !== undefined) {
    // Whole numbers are short, or read as bigints.
    if (N.length > 17 && !isReadExactly(stored, N)) found.push({ path, form: stored, read: decodeValue(stored) })
  } else if (M !== undefined) {
    for (const [name, inner] of Object.entries(unmarked(M))) collect(inner, [...path, name], found)
  } else if (L !== undefined) {
    for (const [at, element] of L.entries()) collect(element, [...path, String(at)], found)
  } else if ('SS' in stored || 'NS' in stored || 'BS' in stored) {
    found.push({ path, form: sent(stored), read: decodeValue(stored) })
  }
}

/** A set as it is sent: bytes are bytes, whatever the transport has made of them. */
function sent(stored: AttributeValue): AttributeValue {
  const { SS, NS, BS = [] }: KnownMembers = stored
  if (SS !== undefined) return { SS: [...SS] }
  return NS === undefined ? { BS: Array.from(BS, (B) => bytesOf({ B })) } : { NS: [...NS] }
}

function isReadExactly(stored: AttributeValue, digits: string): boolean {
  const again = encodeValue(decodeValue(stored))['N']
  return typeof again === 'string' && decimalOf(again) === decimalOf(digits)
}

/** The same text for the same number: its significant digits, and the place of the point. */
function decimalOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const counting = digits.replace(/0+$/, '')
  return `${sign}${counting}e${Number(exponent) - fraction.length + digits.length - counting.length}`
}
