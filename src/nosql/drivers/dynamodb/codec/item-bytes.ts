import { DocumentValidationError } from '../../../errors.ts'
import { bytesOf, type AttributeValue, type Item } from './attribute-values.ts'
import { attributes } from './codec.ts'
import type { KnownMembers } from './value-codec.ts'

/** Most bytes of an item: 400 KB. */
export const mostItemBytes = 400 * 1024

/**
 * Refuses an item that DynamoDB would refuse, and names the field that takes most of it.
 *
 * @throws DocumentValidationError `BSONObjectTooLarge`
 */
export function assertItemFits(item: Item): void {
  const bytes = itemBytes(item)
  if (bytes <= mostItemBytes) return
  const fields = Object.entries((item[attributes.document]?.['M'] ?? {}) as Item)
  const sizes = fields.map(([field, value]) => ({ field, bytes: textBytes(field) + valueBytes(value) }))
  const [largest = { field: '_id', bytes: 0 }] = sizes.toSorted((a, b) => b.bytes - a.bytes)
  throw new DocumentValidationError(`a document must have at most ${mostItemBytes} bytes in DynamoDB, not ${bytes}`, {
    reason: 'BSONObjectTooLarge',
    path: largest.field,
    hint: `The field '${largest.field}' takes ${largest.bytes} of them: store it elsewhere, or in separate documents.`,
    details: { bytes, limit: mostItemBytes, field: largest.field },
  })
}

const encoder = new TextEncoder()

/**
 * The size of an item as DynamoDB counts it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let bytes = 0
  for (const [name, value] of Object.entries(item)) bytes += textBytes(name) + valueBytes(value)
  return bytes
}

function valueBytes(value: AttributeValue): number {
  const [[type, inner] = ['NULL', true]] = Object.entries(value)
  switch (type) {
    case 'S':
      return textBytes(String(inner))
    case 'N':
      return numberBytes(String(inner))
    case 'B': // each type holds what the protocol says
      return (inner as Uint8Array).length
    case 'L':
      return (inner as readonly AttributeValue[]).reduce((sum, each) => sum + 1 + valueBytes(each), 3)
    case 'M':
      return 3 + Object.keys(inner as Item).length + itemBytes(inner as Item)
    default:
      return setBytes(value) || 1
  }
}

/** Sets, which are never empty, have no overhead. */
function setBytes({ SS = [], NS = [], BS = [] }: KnownMembers): number {
  const sizes = [
    ...[...SS].map(textBytes),
    ...[...NS].map(numberBytes),
    ...Array.from(BS, (B) => bytesOf({ B }).length),
  ]
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** One byte for two digits that count, and one more. */
function numberBytes(number: string): number {
  const [digits = ''] = number.toLowerCase().split('e')
  const significant = digits.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length
  return Math.min(21, Math.ceil(significant / 2) + 1 + (number.startsWith('-') ? 1 : 0))
}

function textBytes(text: string): number {
  return encoder.encode(text).length
}
