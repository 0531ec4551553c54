import { isDocument, type Value } from '../../query/value.ts'
import { utf8Length } from './document-size.ts'

/** Where a value is within a document. */
export interface Place {
  /** Of the field; undefined for an element of an array, and for the document itself. */
  readonly name: string | undefined
  readonly isInArray: boolean
  /** How many names and indexes lead to it. */
  readonly depth: number
  /** Bytes of the names that lead to it, joined by dots. */
  readonly pathBytes: number
  readonly path: string
}

const root: Place = { name: undefined, isInArray: false, depth: 0, pathBytes: -1, path: '' }
/** Of a name: what is longer would make the error long. */
const mostShown = 100

/** The dotted path of the first value that is meant; undefined where there is none. */
export function pathOfFirst(
  value: Value,
  isMeant: (value: Value, place: Place) => boolean,
  place: Place = root,
): string | undefined {
  if (isMeant(value, place)) return place.path
  const isInArray = Array.isArray(value)
  if (!isInArray && !isDocument(value)) return undefined
  for (const [key, inner] of Object.entries<Value>(value)) {
    const shown = key.length > mostShown ? `${key.slice(0, mostShown)}…` : key
    const found = pathOfFirst(inner, isMeant, {
      name: isInArray ? undefined : key,
      isInArray,
      depth: place.depth + 1,
      pathBytes: isInArray ? place.pathBytes : place.pathBytes + 1 + utf8Length(key),
      path: place.depth === 0 ? shown : `${place.path}.${shown}`,
    })
    if (found !== undefined) return found
  }
  return undefined
}
