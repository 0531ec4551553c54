import type * as Vendor from 'mongodb'
import { NoSQLConnectionError } from '../../errors.ts'
import { isObjectId } from '../../query/object-id.ts'
import type { Value } from '../../query/value.ts'

let loaded: typeof Vendor | undefined

/** The vendor's package, loaded with the first client, so that an application that never connects does not pay for it. */
export async function loadVendor(): Promise<typeof Vendor> {
  return (loaded ??= await import('mongodb'))
}

/** A value as the vendor's codec takes it: ObjectIds that a page cursor held are not of the vendor's class. */
export function toVendor(value: Value): Value | Vendor.ObjectId {
  if (!isObjectId(value)) return value
  if (loaded === undefined) throw new NoSQLConnectionError('the MongoDB client is not connected')
  return new loaded.ObjectId(value.toHexString())
}
