import { inNotedOrder } from '../../../codec/document-notes.ts'
import { DocumentValidationError } from '../../../errors.ts'
import { isArray, setField, type Document, type Value } from '../../../query/value.ts'
import type { AttributeValue, Item } from './attribute-values.ts'

/** Types that DynamoDB does not have are maps with one key; a document's own map that looks so is wrapped in the last. */
export const dateKey = '$date'
const doubleKey = '$double'
const objectKey = '$object'
const marks = new Set([dateKey, doubleKey, objectKey])

/** DynamoDB's numbers are decimal, with 38 digits, between 1e-130 and 1e126. */
const largest = 9.99e125
const smallest = 1e-130

export function encodeValue(value: Value): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value }
    case 'boolean':
      return { BOOL: value }
    case 'bigint':
      return { N: String(value) }
    case 'number':
      return encodeNumber(value)
    case 'object':
    default:
      return encodeObject(value)
  }
}

function encodeNumber(value: number): AttributeValue {
  const size = Math.abs(value)
  if (size !== 0 && (size > largest || size < smallest)) return { M: { [doubleKey]: { S: String(value) } } }
  // Every digit of a large whole number, so that it compares with bigints as it should.
  return { N: Number.isInteger(value) && size < 1e38 ? String(BigInt(value)) : String(value) }
}

function encodeObject(value: Exclude<Value, string | boolean | bigint | number>): AttributeValue {
  if (value === null) return { NULL: true }
  if (value instanceof Date) return { M: { [dateKey]: { N: String(value.getTime()) } } }
  if (value instanceof Uint8Array) return { B: value }
  if (isArray(value)) return { L: value.map(encodeValue) }
  if ('_bsontype' in value) {
    throw new DocumentValidationError('DynamoDB cannot store values that only MongoDB has', {
      reason: 'BadValue',
      hint: 'Store an ObjectId as its text: toHexString().',
    })
  }
  const fields = encodeFields(value)
  const [only, ...others] = Object.keys(fields)
  const looksMarked = only !== undefined && others.length === 0 && marks.has(only)
  return looksMarked ? { M: { [objectKey]: { M: fields } } } : { M: fields }
}

export function encodeFields(document: Document): Item {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, encodeValue(value)]))
}

export function decodeValue(value: AttributeValue): Value {
  const [type = 'NULL'] = Object.keys(value)
  const content = value[type]
  switch (type) {
    case 'S':
      return content as string
    case 'BOOL':
      return content as boolean
    case 'N':
      return numberOf(content as string)
    case 'B':
      return new Uint8Array(content as Uint8Array)
    case 'L':
      return (content as readonly AttributeValue[]).map(decodeValue)
    case 'M':
      return decodeMap(content as Item)
    case 'SS':
      return [...(content as Iterable<string>)]
    case 'NS':
      return Array.from(content as Iterable<string>, numberOf)
    case 'NULL':
    default:
      return null
  }
}

function decodeMap(fields: Item): Value {
  const [only, ...others] = Object.keys(fields)
  if (only !== undefined && others.length === 0 && marks.has(only)) {
    const inner = fields[only] as AttributeValue
    if (only === dateKey && 'N' in inner) return new Date(Number(inner['N']))
    if (only === doubleKey && 'S' in inner) return Number(inner['S'])
    if (only === objectKey && 'M' in inner) return decodeFields(inner['M'] as Item)
  }
  return decodeFields(fields)
}

/** DynamoDB sends the keys of a map in any order; those that stood in another are noted. */
export function decodeFields(fields: Item): Document {
  const content: Record<string, Value> = {}
  for (const [name, value] of inNotedOrder(Object.entries(fields))) setField(content, name, decodeValue(value))
  return content
}

function numberOf(digits: string): number | bigint {
  const number = Number(digits)
  if (Number.isSafeInteger(number) || !/^-?\d+$/.test(digits)) return number
  // Beyond the safe range a whole number was a bigint, unless a double says exactly the same.
  return BigInt(number) === BigInt(digits) ? number : BigInt(digits)
}
