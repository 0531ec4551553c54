import type * as Mongo from 'mongodb'
import { NoSQLConnectionError } from '../../../errors.ts'
import { isObjectId, type Value } from '../../../query/value.ts'

let loaded: typeof Mongo | undefined

/** The vendor's package, loaded with the first client, so that an application that never connects does not pay for it. */
export async function loadVendor(): Promise<typeof Mongo> {
  return (loaded ??= await import('mongodb'))
}

/** A value as the vendor's codec takes it: ObjectIds that a page cursor held are not of the vendor's class. */
export function toVendor(value: Value): Value | Mongo.ObjectId {
  if (!isObjectId(value)) return value
  if (loaded === undefined) throw new NoSQLConnectionError('the MongoDB client must be connected')
  return new loaded.ObjectId(value.toHexString())
}

/** With every flag that it has, which the vendor's codec does not write for a RegExp. */
export function vendorRegex({ source, flags }: RegExp): Mongo.BSONRegExp {
  if (loaded === undefined) throw new NoSQLConnectionError('the MongoDB client must be connected')
  return new loaded.BSONRegExp(source, flags.replaceAll(/[^imsx]/g, ''))
}
