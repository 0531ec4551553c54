import { isPlainObject } from '../../core/plain-object.ts'
import { UsageError } from '../../core/errors.ts'
import type { FirestoreIndexFile } from '../../nosql/drivers/firestore/deployment/index-file.ts'
import { applyEdits, modify, parseJsonc, type ParseError } from '../bundled/formats.ts'

/** The file as it is. Firebase takes comments in it, and its own template has some. @throws UsageError */
export function parseFile(text: string, path: string): FirestoreIndexFile {
  const errors: ParseError[] = []
  const content: unknown = parseJsonc(text, errors, { allowTrailingComma: true })
  if (errors.length > 0 || !isPlainObject(content))
    throw new UsageError(`${path} must be a JSON object`, { hint: 'Correct the file, or move it away.' })
  const { indexes = [], fieldOverrides = [] } = content
  if (
    isListOfObjects(indexes) &&
    isListOfObjects(fieldOverrides) &&
    indexes.every(({ fields }) => isListOfObjects(fields))
  )
    return content
  throw new UsageError(`${path} must have lists of indexes and fieldOverrides`, {
    hint: 'Correct the file: https://firebase.google.com/docs/reference/firestore/indexes',
  })
}

function isListOfObjects(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every(isPlainObject)
}

/** The text with what has changed in its lists; all else, such as comments, stays. */
export function editedFile(text: string, before: FirestoreIndexFile, after: FirestoreIndexFile): string {
  let edited = text
  for (const list of ['indexes', 'fieldOverrides'] as const) {
    const there = before[list]
    if (there === undefined) edited = set(edited, [list], after[list])
    else
      for (const [at, entry] of (after[list] ?? []).entries()) {
        if (at >= there.length || JSON.stringify(there[at]) !== JSON.stringify(entry))
          edited = set(edited, [list, at], entry)
      }
  }
  return edited
}

function set(text: string, path: (string | number)[], value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }))
}
