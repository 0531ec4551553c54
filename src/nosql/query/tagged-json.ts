import { setField } from '../../core/plain-object.ts'
import { fromBase64, toBase64 } from '../../core/base64.ts'
import { StoredObjectId } from './object-id.ts'
import { isObjectId, type Value } from './value.ts'
import { bytesOf, fieldsOf, isVendorValue, StoredVendorValue, type VendorValue } from './vendor-value.ts'

/**
 * Plain JSON for portable values. What JSON has no word for becomes an object with one `$` key: `$date` (milliseconds),
 * `$long` (digits), `$double` (NaN and infinities), `$bytes` (base64), `$oid` (24 hexadecimal digits), `$vendor` (a class of MongoDB and
 * its fields), and `$regex` for filters. A document that has a name
 * like that is written as `$fields`, a list of names and values.
 */
export function toTagged(value: unknown): unknown {
  if (typeof value === 'bigint') return { $long: String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { $double: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(toTagged)
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) }
  if (isObjectId(value)) return { $oid: value.toHexString() }
  if (isVendorValue(value)) return { $vendor: [value._bsontype, Object.entries(formOf(value)).map(taggedField)] }
  if (value instanceof RegExp) return { $regex: value.source, $options: value.flags }
  const fields = Object.entries(value).map(([key, member]) => [key, toTagged(member)] as const)
  return fields.some(([key]) => key.startsWith('$')) ? { $fields: fields } : Object.fromEntries(fields)
}

/** Its fields without what they do not say: the rest of a buffer. */
function formOf(value: VendorValue): object {
  if (value._bsontype !== 'Binary') return fieldsOf(value)
  const buffer = bytesOf(value)
  return { ...fieldsOf(value), buffer, position: buffer.length }
}

function taggedField([name, field]: readonly [string, unknown]): readonly [string, unknown] {
  return [name, toTagged(field)]
}

/** The inverse of {@link toTagged} for stored values, of what `JSON.parse` returned. */
export function fromTagged(value: unknown): Value {
  if (typeof value !== 'object' || value === null) return value as Value
  if (Array.isArray(value)) return value.map(fromTagged)
  const { $date, $long, $double, $bytes, $oid, $vendor, $fields } = value as Record<string, unknown>
  if (typeof $date === 'number') return new Date($date)
  if (typeof $long === 'string') return BigInt($long)
  if (typeof $double === 'string') return Number($double)
  if (typeof $bytes === 'string') return fromBase64($bytes)
  if (typeof $oid === 'string') return new StoredObjectId($oid)
  if (Array.isArray($vendor)) {
    const [type, parts] = $vendor as [VendorValue['_bsontype'], [string, unknown][]] // as `toTagged` wrote it
    return new StoredVendorValue(type, Object.fromEntries(parts.map(([name, part]) => [name, fromTagged(part)])))
  }
  const fields = Array.isArray($fields) ? ($fields as readonly (readonly [string, unknown])[]) : Object.entries(value)
  const made: Record<string, Value> = {}
  for (const [key, member] of fields) setField(made, key, fromTagged(member))
  return made
}
