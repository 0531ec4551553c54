import { setField } from '../../../../core/plain-object.ts'
import type { KeptForms } from '../../../codec/kept-forms.ts'
import { keysInOrder, type NotedOrder } from '../../../codec/noted-order.ts'
import { DocumentValidationError } from '../../../errors.ts'
import { isArray, type Document, type Value } from '../../../query/value.ts'
import { bytesOf, type AttributeValue, type Item } from './attribute-values.ts'

/** Types that DynamoDB does not have are maps with one key; a document's own map that looks so is wrapped in the last. */
export const dateKey = '$date'
export const doubleKey = '$double'
const objectKey = '$object'
const marks = new Set([dateKey, doubleKey, objectKey])

/** DynamoDB's numbers are decimal, with 38 digits, between 1e-130 and 1e126. */
const largest = 9.99e125
const smallest = 1e-130

/** Up to here whole numbers have every digit: 38 of them. */
export const allDigits = 1e38

type Kept = KeptForms<AttributeValue>

/** @param kept what stays as it is stored already */
export function encodeValue(value: Value, kept?: Kept): AttributeValue {
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
      return encodeObject(value, kept)
  }
}

function encodeNumber(value: number): AttributeValue {
  if (Number.isSafeInteger(value)) return { N: String(value) }
  const size = Math.abs(value)
  if (size !== 0 && (size > largest || size < smallest)) return { M: { [doubleKey]: { S: String(value) } } }
  // Every digit of a large whole number, so that it compares with bigints as it should.
  return { N: Number.isInteger(value) && size < allDigits ? String(BigInt(value)) : String(value) }
}

function encodeObject(value: Exclude<Value, string | boolean | bigint | number>, kept?: Kept): AttributeValue {
  if (value === null) return { NULL: true }
  if (value instanceof Date) return { M: { [dateKey]: { N: String(value.getTime()) } } }
  if (value instanceof Uint8Array) return { B: value }
  if (isArray(value)) return { L: encodeElements(value, kept) }
  if ('_bsontype' in value) {
    throw new DocumentValidationError('DynamoDB cannot store values that only MongoDB has', {
      reason: 'BadValue',
      hint: 'Store an ObjectId as its text: toHexString().',
    })
  }
  const fields = encodeFields(value, kept)
  const [only, ...others] = Object.keys(fields)
  const looksMarked = only !== undefined && others.length === 0 && marks.has(only)
  return looksMarked ? { M: { [objectKey]: { M: fields } } } : { M: fields }
}

function encodeElements(array: readonly Value[], kept?: Kept): readonly AttributeValue[] {
  const forms = kept?.get(array)
  return array.map((element, at) => forms?.get(String(at)) ?? encodeValue(element, kept))
}

export function encodeFields(document: Document, kept?: Kept): Item {
  const forms = kept?.get(document)
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, forms?.get(name) ?? encodeValue(value, kept)]),
  )
}

/** @param order of the keys of what is in it, where that is noted */
export function decodeValue(value: AttributeValue, order?: NotedOrder): Value {
  const { S, N, M, L, BOOL }: KnownMembers = value
  if (S !== undefined) return S
  if (N !== undefined) return numberOf(N)
  if (M !== undefined) return decodeMap(M, order)
  if (L !== undefined) return decodeList(L, order)
  return BOOL ?? decodeRare(value)
}

/** Members of a value of DynamoDB's API, of which one is there. */
export interface KnownMembers {
  readonly S?: string
  readonly N?: string
  readonly M?: Item
  readonly L?: readonly AttributeValue[]
  readonly BOOL?: boolean
  readonly SS?: Iterable<string>
  readonly NS?: Iterable<string>
  readonly BS?: Iterable<unknown>
}

function decodeRare(value: AttributeValue): Value {
  const [type = 'NULL'] = Object.keys(value)
  const { SS = [], NS = [], BS = [] }: KnownMembers = value
  switch (type) {
    case 'B':
      return bytesOf(value)
    case 'SS':
      return [...SS]
    case 'NS':
      return Array.from(NS, numberOf)
    case 'BS':
      return Array.from(BS, (B) => bytesOf({ B }))
    case 'NULL':
    default:
      return null
  }
}

function decodeList(elements: readonly AttributeValue[], order: NotedOrder | undefined): readonly Value[] {
  const within = order?.within
  return within === undefined
    ? elements.map((element) => decodeValue(element))
    : elements.map((element, at) => decodeValue(element, within.get(String(at))))
}

function decodeMap(fields: Item, order: NotedOrder | undefined): Value {
  const isMarked = dateKey in fields || doubleKey in fields || objectKey in fields
  const [only, ...others] = isMarked ? Object.keys(fields) : []
  if (only !== undefined && others.length === 0) {
    const inner = fields[only] as AttributeValue // `only` is its key, and `M` holds a map
    if (only === dateKey && 'N' in inner) return new Date(Number(inner['N']))
    if (only === doubleKey && 'S' in inner) return Number(inner['S'])
    if (only === objectKey && 'M' in inner) return decodeFields(inner['M'] as Item, { order })
  }
  return decodeFields(fields, { order })
}

/** The fields of a map that is wrapped, for it looks like one of the marked types. */
export function unmarked(fields: Item): Item {
  const inner: KnownMembers | undefined = Object.keys(fields).length === 1 ? fields[objectKey] : undefined
  return inner?.M ?? fields
}

interface Into {
  readonly order: NotedOrder | undefined
  /** Holds what comes before the fields. @default nothing */
  readonly content?: Record<string, Value>
}

/** DynamoDB sends the keys of a map in any order. */
export function decodeFields(fields: Item, { order, content = {} }: Into): Document {
  for (const name of keysInOrder(fields, order)) {
    setField(content, name, decodeValue(fields[name] as AttributeValue, order?.within?.get(name)))
  }
  return content
}

function numberOf(digits: string): number | bigint {
  const number = Number(digits)
  if (Number.isSafeInteger(number) || Math.abs(number) >= allDigits || !/^-?\d+$/.test(digits)) return number
  // Between the safe range and 38 digits a whole number was a bigint, unless a double says exactly the same.
  return BigInt(number) === BigInt(digits) ? number : BigInt(digits)
}
