/** What an ObjectId of MongoDB says: its digits, its bytes, its time and its place among others. */

import { isObjectId, type ObjectIdLike } from './value.ts'

const HEX = /^[\da-f]{24}$/

/** The 24 digits, or undefined where something else pretends to be an ObjectId. */
export function hexOf(id: ObjectIdLike): string | undefined {
  const hex: unknown = id.toHexString()
  return typeof hex === 'string' && HEX.test(hex) ? hex : undefined
}

/** The twelve bytes. */
export function objectIdBytes(id: ObjectIdLike): Uint8Array {
  return Uint8Array.from(id.toHexString().match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** When it was made, to the second. Servers take the 32 bits for a signed number. */
export function objectIdTime(id: ObjectIdLike): Date {
  return new Date((secondsOf(id) | 0) * 1000)
}

function secondsOf(id: ObjectIdLike): number {
  return Number.parseInt(id.toHexString().slice(0, 8), 16)
}

export function compareObjectIds(a: ObjectIdLike, b: ObjectIdLike): number {
  const [left, right] = [a.toHexString(), b.toHexString()]
  return left < right ? -1 : Number(left > right)
}

/** What `$toObjectId` makes: it does what programs ask of the vendor's. */
export class StoredObjectId implements ObjectIdLike {
  readonly _bsontype = 'ObjectId'
  readonly #hex: string

  /** @param hex 24 hexadecimal digits */
  constructor(hex: string) {
    this.#hex = hex.toLowerCase()
  }

  toHexString(): string {
    return this.#hex
  }

  toString(): string {
    return this.#hex
  }

  toJSON(): string {
    return this.#hex
  }

  equals(other: unknown): boolean {
    if (typeof other === 'string') return other.toLowerCase() === this.#hex
    return isObjectId(other) && other.toHexString() === this.#hex
  }

  getTimestamp(): Date {
    return new Date(secondsOf(this) * 1000)
  }
}
