/** Values of the classes that only MongoDB has, as its package `bson` makes them. */

import { isPlainObject, setField } from '../../core/plain-object.ts'

/** A `Decimal128`, a `UUID` or other bytes with a subtype, and the other values that one vendor stores. */
export interface VendorValue {
  readonly _bsontype: 'Binary' | 'Decimal128' | 'Timestamp' | 'BSONRegExp' | 'Code' | 'DBRef' | 'MinKey' | 'MaxKey'
}

interface Fields {
  readonly [field: string]: unknown
}

/** The fields of a Binary and a Timestamp, and whatever the others have. */
interface Parts extends Fields {
  readonly buffer: Uint8Array
  readonly position: number
  readonly sub_type: number
  readonly high: number
  readonly low: number
}

/** Whether the fields of a class are those that its constructor makes. */
const isMade: Readonly<Record<VendorValue['_bsontype'], (fields: Fields) => boolean>> = {
  Binary: ({ buffer, sub_type: type, position }) =>
    buffer instanceof Uint8Array && isWhole(type, 0, 255) && isWhole(position, 0, buffer.length),
  Decimal128: ({ bytes }) => bytes instanceof Uint8Array && bytes.length === 16,
  Timestamp: ({ low, high }) => isWhole(low, -0x8000_0000, 0xffff_ffff) && isWhole(high, -0x8000_0000, 0xffff_ffff),
  BSONRegExp: ({ pattern, options }) => isTerminated(pattern) && isTerminated(options),
  Code: ({ code, scope }) =>
    typeof code === 'string' && (scope === undefined || scope === null || isPlainObject(scope)),
  DBRef: ({ collection, oid, db, fields }) =>
    typeof collection === 'string' &&
    oid !== undefined &&
    (db === undefined || typeof db === 'string') &&
    (fields === undefined || (isPlainObject(fields) && !Object.keys(fields).some((name) => name.startsWith('$')))),
  MinKey: () => true,
  MaxKey: () => true,
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

/** Without a null character, at which the server would end it. */
function isTerminated(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0')
}

/** By the mark of its class, which a field never is: data from outside, JSON for example, cannot pass for one. */
export function isVendorValue(value: unknown): value is VendorValue {
  return isMarked(value) && Object.hasOwn(isMade, value._bsontype)
}

interface Marked {
  readonly _bsontype: string
  /** The digits of a Long. */
  toString(): string
}

function isMarked(value: unknown): value is Marked {
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return false
  return typeof value._bsontype === 'string' && !Object.hasOwn(value, '_bsontype') && !isPlainObject(value)
}

export function isWellMade(value: VendorValue): boolean {
  return isMade[value._bsontype](fieldsOf(value))
}

/** What a `Long`, an `Int32` or a `Double` stands for; undefined for anything else. */
export function vendorNumber(value: unknown): number | bigint | undefined {
  if (!isMarked(value)) return undefined
  if (value._bsontype === 'Long') return BigInt(value.toString())
  if (value._bsontype !== 'Int32' && value._bsontype !== 'Double') return undefined
  return Number(value.valueOf())
}

/** The bytes of a Binary without a subtype, which are a `Uint8Array` everywhere in this package. */
export function plainBytes(value: VendorValue): Uint8Array | undefined {
  return fieldsOf(value).sub_type === 0 ? bytesOf(value) : undefined
}

/** Of a Binary. */
export function bytesOf(value: VendorValue): Uint8Array {
  const { buffer, position } = fieldsOf(value)
  return new Uint8Array(buffer.subarray(0, position))
}

export function subtypeOf(value: VendorValue): number {
  return fieldsOf(value).sub_type
}

/** Unsigned, as the server orders it. */
export function timestampOf(value: VendorValue): bigint {
  const { high, low } = fieldsOf(value)
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

/** What the vendor's classes keep in fields; all of them can be made again from those. */
export function fieldsOf(value: VendorValue): Parts {
  return value as unknown as Parts // which of them it has, its class says
}

/** Another of the same class, whose fields `copy` has made: the fields of these classes can be changed. */
export function copyVendorValue<T extends VendorValue>(value: T, copy: (field: unknown, name: string) => unknown): T {
  const made: Record<string, unknown> & T = Object.create(Object.getPrototypeOf(value))
  for (const [name, field] of Object.entries(value)) if (field !== undefined) setField(made, name, copy(field, name))
  return made
}

/** One that a page cursor held, until the driver makes it one of the vendor's. */
export class StoredVendorValue implements VendorValue {
  readonly #type: VendorValue['_bsontype']

  constructor(type: VendorValue['_bsontype'], fields: Fields) {
    this.#type = type
    Object.assign(this, fields)
  }

  get _bsontype(): VendorValue['_bsontype'] {
    return this.#type
  }
}
