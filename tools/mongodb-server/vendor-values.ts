import { BSON } from 'mongodb'
import { isVendorValue } from '../../src/nosql/query/vendor-value.ts'

/**
 * The embedded engine has none of MongoDB's own classes: it keeps texts in their place, which are equal where the values
 * have the same form. UUIDs are in their order, too.
 */
const mark = '\u{e000}bson:'

export function withTexts<T>(part: T): T {
  return replaced(part) as T // the same, but for values of classes
}

function replaced(part: unknown): unknown {
  if (isVendorValue(part) && part._bsontype !== 'BSONRegExp') {
    return mark + Buffer.from(BSON.serialize({ value: part })).toString('hex')
  }
  if (Array.isArray(part)) return part.map(replaced)
  if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, replaced(inner)]))
}

/** The value that such a text stands for; undefined for any other. */
export function valueOfText(text: string): unknown {
  if (!text.startsWith(mark)) return undefined
  const bytes = Buffer.from(text.slice(mark.length), 'hex')
  return BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false })['value']
}
