import { DocumentValidationError } from '../errors.ts'
import type { Document, Value } from '../query/value.ts'

/** The state of one path of an index while a document is walked. */
interface Step {
  readonly value: Value | undefined
  readonly rest: readonly string[]
}

export interface IndexKeySet {
  /** A missing path counts as null. */
  readonly keys: readonly (readonly Value[])[]
  /** An array was walked, so that the document may have several keys, and a path several values. */
  readonly multikey: boolean
  /** One of the paths exists: a sparse index holds the document. */
  readonly exists: boolean
}

const emptyArray: Value = []

/**
 * The keys of a document in an index: one per element of the array that a path goes through. Paths
 * through the same array stay aligned; two different arrays are refused, as MongoDB does.
 *
 * @throws DocumentValidationError for two different arrays
 */
export function indexKeys(document: Document, paths: readonly (readonly string[])[]): IndexKeySet {
  const found: (Value | undefined)[][] = []
  const multikey = expand(
    paths.map((rest) => walk({ value: document, rest })),
    found,
  )
  const exists = found.some((key) => key.some((value) => value !== undefined))
  return { keys: found.map((key) => key.map((value) => value ?? null)), multikey, exists }
}

function expand(steps: readonly (Step & { readonly element?: boolean })[], found: (Value | undefined)[][]): boolean {
  let array: readonly Value[] | undefined
  for (const { value, element } of steps) {
    if (!Array.isArray(value) || element === true || value === array) continue
    if (array !== undefined) {
      throw new DocumentValidationError('an index cannot hold two different arrays of one document', {
        reason: 'CannotIndexParallelArrays',
        path: '',
      })
    }
    array = value
  }
  if (array === undefined) {
    found.push(steps.map(({ value }) => value))
    return false
  }
  for (const member of array.length === 0 ? [undefined] : array) {
    expand(
      steps.map((step) => {
        if (step.value !== array || step.element === true) return step
        if (step.rest.length === 0)
          return { value: member === undefined ? emptyArray : member, rest: [], element: true }
        const next = walk({ value: isDocument(member) ? member : undefined, rest: step.rest })
        return next.value === undefined ? { ...next, element: true } : next
      }),
      found,
    )
  }
  return true
}

/** Follows a path until it ends, is missing, or meets an array. A number within an array is a position. */
function walk({ value, rest }: Step): Step {
  while (rest.length > 0) {
    const [part = '', ...following] = rest
    if (Array.isArray(value)) {
      if (!/^\d+$/.test(part) || Number(part) >= value.length) return { value, rest }
      value = value[Number(part)] as Value
    } else if (isDocument(value) && Object.hasOwn(value, part)) {
      value = value[part]
    } else return { value: undefined, rest: [] }
    rest = following
  }
  return { value, rest }
}

function isDocument(value: Value | undefined): value is Document {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  )
}
