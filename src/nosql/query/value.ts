/** The values that every document backend can hold, and their classes in MongoDB's comparison order. */

import { isPlainObject, setField } from '../../core/plain-object.ts'
import { copyVendorValue, isVendorValue, type VendorValue } from './vendor-value.ts'

/** A value inside a document. `undefined` stands for "missing" wherever a function says so, and is never stored. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | ObjectIdLike
  | VendorValue
  | readonly Value[]
  | Document

/**
 * An ObjectId of any version of the `bson` package, or one that an expression has made. It is a value that never changes:
 * it is stored as it was given, and handed back so.
 */
export interface ObjectIdLike {
  readonly _bsontype: 'ObjectId' | 'ObjectID'
  /** 24 hexadecimal digits in lower case. */
  toHexString(): string
}

/** Plain data with string keys whose order counts. */
export interface Document {
  readonly [field: string]: Value
}

/**
 * Classes of values, numbered as MongoDB orders them. Values of different classes never compare by content.
 *
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export const TypeClass = {
  minKey: -1,
  missing: 0,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  bytes: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  maxKey: 127,
} as const

export type TypeClass = (typeof TypeClass)[keyof typeof TypeClass]

export function typeClass(value: Value | undefined): TypeClass {
  if (typeof value === 'string') return TypeClass.string
  if (typeof value === 'number' || typeof value === 'bigint') return TypeClass.number
  if (typeof value === 'boolean') return TypeClass.boolean
  if (value === undefined) return TypeClass.missing
  if (value === null) return TypeClass.null
  if (Array.isArray(value)) return TypeClass.array
  if (value instanceof Date) return TypeClass.date
  if (value instanceof Uint8Array) return TypeClass.bytes
  if (isObjectId(value)) return TypeClass.objectId
  return '_bsontype' in value && isVendorValue(value) ? vendorClasses[value._bsontype] : TypeClass.object
}

const vendorClasses: Readonly<Record<VendorValue['_bsontype'], TypeClass>> = {
  MinKey: TypeClass.minKey,
  Decimal128: TypeClass.number,
  DBRef: TypeClass.object,
  Binary: TypeClass.bytes,
  Timestamp: TypeClass.timestamp,
  BSONRegExp: TypeClass.regex,
  Code: TypeClass.code,
  MaxKey: TypeClass.maxKey,
}

const typeNames: Readonly<Record<TypeClass, string>> = {
  [TypeClass.minKey]: 'minKey',
  [TypeClass.missing]: 'missing',
  [TypeClass.null]: 'null',
  [TypeClass.number]: 'double',
  [TypeClass.string]: 'string',
  [TypeClass.object]: 'object',
  [TypeClass.array]: 'array',
  [TypeClass.bytes]: 'binData',
  [TypeClass.objectId]: 'objectId',
  [TypeClass.boolean]: 'bool',
  [TypeClass.date]: 'date',
  [TypeClass.timestamp]: 'timestamp',
  [TypeClass.regex]: 'regex',
  [TypeClass.code]: 'javascript',
  [TypeClass.maxKey]: 'maxKey',
}

/** MongoDB's alias for a value's type: a whole JavaScript number within 32 bits counts as `int`, a bigint as `long`. */
export function typeName(value: Value | undefined): string {
  if (typeof value === 'bigint') return 'long'
  if (isVendorValue(value) && value._bsontype === 'Decimal128') return 'decimal'
  return typeof value === 'number' && isInt32(value) ? 'int' : typeNames[typeClass(value)]
}

export function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff
}

/** True for what is stored, and compared with, as it is: no copy has to be made of it and nothing in it can be wrong. */
export function isPlainScalar(value: unknown): value is string | number | boolean | null {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return typeof value === 'boolean' || value === null
}

/** True for a plain object: not null, an array, a date, bytes, an ObjectId or any other class. */
export function isDocument(value: unknown): value is Document {
  return isPlainObject(value)
}

/** By its mark, for its class belongs to the vendor's package. Data cannot pass for one: no stored value is a function. */
export function isObjectId(value: unknown): value is ObjectIdLike {
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return false
  if (value._bsontype !== 'ObjectId' && value._bsontype !== 'ObjectID') return false
  return 'toHexString' in value && typeof value.toHexString === 'function'
}

export function isArray(value: unknown): value is readonly Value[] {
  return Array.isArray(value)
}

/** A copy that shares nothing with its original but ObjectIds, which never change. */
export function copyValue<T extends Value>(value: T): T
export function copyValue(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyValue)
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof Uint8Array) return value.slice()
  if (isObjectId(value)) return value
  if ('_bsontype' in value && isVendorValue(value)) return copyVendorValue(value, (field) => copyValue(field as Value)) // of what it was made
  const copy: Record<string, Value> = {}
  for (const key of Object.keys(value)) setField(copy, key, copyValue((value as Document)[key] as Value))
  return copy
}

/** Reads an own field; inherited names such as `constructor` are missing. */
export function getField(source: Document, name: string): Value | undefined {
  return name in Object.prototype && !Object.hasOwn(source, name) ? undefined : source[name]
}

/** What is wrong with a value, in MongoDB's name for it and in words. */
export interface Problem {
  readonly reason: string
  readonly message: string
  readonly hint?: string
}

/** Databases store text as UTF-8, in which half a pair is another character, the same one for all of them. */
export const HALF_A_PAIR = 'It has half of a surrogate pair: text that was cut inside a character, say.'

/** What is wrong with the name of a field, stored or compared with, on every backend. */
export function nameProblem(name: string): Problem | undefined {
  if (!name.isWellFormed()) {
    return { reason: 'BadValue', message: 'a field name must be well-formed Unicode', hint: HALF_A_PAIR }
  }
  if (name.includes('\0')) return { reason: 'BadValue', message: 'a field name cannot hold a null character' }
  // MongoDB's library takes an object with such a field for an instance of its classes, also where it came from JSON.
  if (name === '_bsontype') return { reason: 'BadValue', message: 'a field name cannot be _bsontype' }
  return undefined
}
