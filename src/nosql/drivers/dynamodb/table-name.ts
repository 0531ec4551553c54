/** The table of a collection, where each has one. */

import { DocumentValidationError } from '../../errors.ts'

const longest = 255
const shortest = 3

/**
 * Letters, digits, `_`, `.` and `-`, at least three of them, and not those of another collection: a name that a table
 * cannot have, and one that looks as if it stood for such a name, has the code points of its characters in it.
 *
 * @throws DocumentValidationError reason `InvalidNamespace`, where it would be too long
 */
export function tableName(prefix: string, collection: string): string {
  const name = `${prefix}${isPlain(collection) ? collection : encoded(collection)}`.padEnd(shortest, '-')
  if (name.length <= longest) return name
  throw new DocumentValidationError(
    `the table of a collection cannot have a name of ${name.length} characters: DynamoDB allows ${longest}`,
    { reason: 'InvalidNamespace', hint: "Use a shorter name, or one table for all collections: the option 'table'." },
  )
}

/** The collection that `tableName` made the name for. */
export function collectionOfTable(prefix: string, table: string): string {
  const name = table.slice(prefix.length)
  const padded = table.length === shortest ? name.replace(/-+$/, '') : name
  return padded.replace(/_x([\da-f]+)_/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
}

function isPlain(collection: string): boolean {
  const looksEncoded = /_x[\da-f]+_/.test(collection)
  const looksPadded = collection.length <= shortest && collection.endsWith('-')
  return /^[\w.-]+$/.test(collection) && !looksEncoded && !looksPadded
}

function encoded(collection: string): string {
  return collection.replace(/[^\da-zA-Z.]/gu, (character) => `_x${character.codePointAt(0)?.toString(16)}_`)
}
