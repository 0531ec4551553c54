/** Values of other programs, which are read as something less: a rounded time, a list for a set. */

import { DocumentValidationError } from '../errors.ts'
import { identicalValues } from '../query/compare.ts'
import { isArray, isDocument, typeClass, type Document, type TypeClass, type Value } from '../query/value.ts'
import { valueText } from '../query/value-key.ts'

/** One of them, as the backend has stored it. */
export interface ForeignValue<Form> {
  readonly path: readonly string[]
  readonly form: Form
  /** What is read of it. */
  readonly read: Value
}

/** The stored forms that values keep, by the object or array in which they are, and their place in it. */
export type KeptForms<Form> = ReadonlyMap<object, ReadonlyMap<string, Form>>

/** A value of the new document that is what is read of a foreign one. */
interface Occurrence {
  readonly container: object
  readonly step: string
  readonly path: readonly string[]
  readonly isInArray: boolean
}

interface Group<Form> {
  readonly foreign: ForeignValue<Form>[]
  readonly occurrences: Occurrence[]
}

/**
 * The forms that a document must keep when it is written again, wherever its update has put the values: at their places,
 * under another name, in another place of a list.
 *
 * @param before as it was read
 * @throws DocumentValidationError where two of them read as the same value, and it cannot be known which has been moved
 */
export function keptForms<Form>(
  foreign: readonly ForeignValue<Form>[],
  { before, after }: { readonly before: Document; readonly after: Document },
): KeptForms<Form> | undefined {
  if (foreign.length === 0) return undefined
  const groups = new Map<string, Group<Form>>()
  for (const each of foreign) {
    const text = valueText(each.read)
    const group = groups.get(text)
    if (group === undefined) groups.set(text, { foreign: [each], occurrences: [] })
    else group.foreign.push(each)
  }
  const classes = new Set(foreign.map(({ read }) => typeClass(read)))
  findOccurrences(after, before, { groups, classes, path: [], own: new Set(foreign.map(({ path }) => textOf(path))) })
  const kept = new Map<object, Map<string, Form>>()
  for (const group of groups.values()) {
    for (const [{ container, step }, form] of formsOf(group)) {
      const forms = kept.get(container)
      if (forms === undefined) kept.set(container, new Map([[step, form]]))
      else forms.set(step, form)
    }
  }
  return kept
}

interface Search<Form> {
  readonly groups: ReadonlyMap<string, Group<Form>>
  readonly classes: ReadonlySet<TypeClass>
  readonly path: readonly string[]
  /** Where foreign values were. */
  readonly own: ReadonlySet<string>
}

function findOccurrences<Form>(container: Value, before: Value | undefined, search: Search<Form>): void {
  const isInArray = isArray(container)
  if (!isInArray && !isDocument(container)) return
  const { groups, classes, own } = search
  for (const [step, value] of Object.entries(container)) {
    const path = [...search.path, step]
    // An array has its elements by `step`, too.
    const was = isArray(before) || isDocument(before) ? (before as Document)[step] : undefined
    const group = classes.has(typeClass(value)) ? groups.get(valueText(value)) : undefined
    // A value of this package that only looks the same, and is where it was.
    const isPlain = !own.has(textOf(path)) && !isInArray && identicalValues(value, was)
    if (group !== undefined && !isPlain) group.occurrences.push({ container, step, path, isInArray })
    else findOccurrences(value, was, { ...search, path })
  }
}

/** Which form each of the equal values keeps. */
function formsOf<Form>({ foreign, occurrences }: Group<Form>): readonly (readonly [Occurrence, Form])[] {
  const byPath = new Map(foreign.map((each) => [textOf(each.path), each]))
  const areSame = new Set(foreign.map(({ form }) => JSON.stringify(form))).size === 1
  const isInPlace = occurrences.length === foreign.length && occurrences.every(({ path }) => byPath.has(textOf(path)))
  const kept: (readonly [Occurrence, Form])[] = []
  const moved: Occurrence[] = []
  for (const occurrence of occurrences) {
    const there = byPath.get(textOf(occurrence.path))
    // Elements of a list may have taken each other's places.
    const isCertain = areSame || isInPlace || !occurrence.isInArray
    if (there !== undefined && isCertain) {
      kept.push([occurrence, there.form])
      byPath.delete(textOf(occurrence.path))
    } else moved.push(occurrence)
  }
  const left = [...byPath.values()]
  const [one = foreign[0], ...others] = left.length === 0 && !areSame ? foreign : left
  for (const occurrence of moved) {
    // A number that is new may be the same by chance, and is found by its own digits only.
    if (left.length === 0 && typeof one?.read === 'number') break
    if (one === undefined) break
    const isAmbiguous = others.some(({ form }) => JSON.stringify(form) !== JSON.stringify(one.form))
    if (isAmbiguous) throw ambiguous(occurrence)
    kept.push([occurrence, one.form])
  }
  return kept
}

function textOf(path: readonly string[]): string {
  return JSON.stringify(path)
}

function ambiguous({ path }: Occurrence): DocumentValidationError {
  return new DocumentValidationError(
    'the document cannot be written: two values of another program read as the same, and one of them would be lost',
    {
      reason: 'BadValue',
      path: path.join('.'),
      hint: 'Set the field to a value of your own, or move one of them at a time.',
    },
  )
}
