import type * as Mongo from 'mongodb'
import { NoSQLConnectionError } from '../../../errors.ts'
import { isObjectId, type Value } from '../../../query/value.ts'
import { isVendorValue } from '../../../query/vendor-value.ts'

let loaded: typeof Mongo | undefined

/** The vendor's package, loaded with the first client, so that an application that never connects does not pay for it. */
export async function loadVendor(): Promise<typeof Mongo> {
  return (loaded ??= await import('mongodb'))
}

/** A value as the vendor's codec takes it: what a page cursor held is not of the vendor's classes. */
export function toVendor(value: Value): Value | Mongo.ObjectId {
  if (!isObjectId(value) && !isVendorValue(value)) return value
  if (loaded === undefined) throw new NoSQLConnectionError('the MongoDB client must be connected')
  if (isObjectId(value)) return new loaded.ObjectId(value.toHexString())
  const type: { readonly prototype: object } = loaded[value._bsontype]
  return Object.assign(Object.create(type.prototype) as Value & object, value)
}

/** With every flag that it has, which the vendor's codec does not write for a RegExp. */
export function vendorRegex({ source, flags }: RegExp): Mongo.BSONRegExp {
  if (loaded === undefined) throw new NoSQLConnectionError('the MongoDB client must be connected')
  return new loaded.BSONRegExp(source, flags.replaceAll(/[^imsx]/g, ''))
}
