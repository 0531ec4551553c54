/** What a document must be to be stored on every backend. */

import { CheckedCopy, isInt64, type CopyRules } from './checked-copy.ts'
import { kindOf, wrapReadErrors } from '../../core/plain-object.ts'
import { DocumentValidationError } from '../errors.ts'
import { type Document, isArray, isDocument, isPlainScalar, nameProblem, type Problem, type Value } from './value.ts'

export interface StorableOptions {
  /** How deep objects and arrays may nest, the document itself being 1. @default 32 */
  readonly maxDepth?: number
  /** Top-level names that belong to the store. @default none */
  readonly reserved?: ReadonlySet<string>
  /** What the document is made of: numbers of another program, which are not finite or longer than 64 bits, may stay in it. */
  readonly madeOf?: Document
  /** Whether values of MongoDB's own classes can be stored. @default false */
  readonly vendorValues?: boolean | undefined
}

const maxDepth = 32

function rulesFor(depth: number): CopyRules {
  return {
    maxDepth: depth,
    tooDeep: { reason: 'Overflow', message: `a document nests at most ${depth} deep` },
    tooMany: { reason: 'BSONObjectTooLarge', message: 'a document cannot have so many values' },
    foreign: (value) => ({
      reason: 'BadValue',
      message: `${kindOf(value)} cannot be stored`,
      hint: 'Store plain objects, arrays, dates, bytes or ObjectIds.',
    }),
    undefinedField: 'dropped',
    undefinedValue: {
      reason: 'BadValue',
      message: 'undefined cannot be stored in an array, nor by this operator',
      hint: 'Use null, or leave out the field.',
    },
    fieldName,
    refuse: ({ reason, message, hint }, path) => new DocumentValidationError(message, { reason, path, hint }),
  }
}

const rules = rulesFor(maxDepth)
const vendorRules: CopyRules = { ...rules, vendorValues: true }

/**
 * A copy of a document, checked and in its stored form: -0 is 0, fields that are `undefined` are left out. Names may hold
 * a dot or begin with a dollar: they are data, which paths do not reach.
 *
 * @throws DocumentValidationError for NaN and infinities, bigints beyond 64 bits, invalid dates, classes, functions,
 *   symbols, `undefined` in arrays, text that is not well-formed Unicode, nesting beyond `maxDepth`, and field names that
 *   are empty, reserved, ill-formed, hold a null character, or are `__proto__`
 */
export function toStorable(document: unknown, options: StorableOptions = {}): Document {
  return wrapReadErrors(() => {
    if (!isDocument(document))
      throw invalid('BadValue', `a document must be a plain object, not ${kindOf(document)}`, '')
    for (const name of options.reserved ?? []) {
      if (Object.hasOwn(document, name))
        throw invalid('BadValue', 'a field name cannot be used: the store reserves it', name)
    }
    const { madeOf } = options
    const usual = options.vendorValues === true ? vendorRules : rules
    const used = options.maxDepth === undefined ? usual : rulesFor(options.maxDepth)
    const kept = madeOf && { ...used, takesAnyNumber: () => holdsForeignNumber(madeOf) }
    return new CheckedCopy(kept ?? used).copyFields(document, '', 0)
  }, unreadable(''))
}

export interface ValuePlace {
  /** The operator and path, for errors. */
  readonly at: string
  /** How deep the value will be. @default 1 */
  readonly depth?: number
  readonly vendorValues?: boolean | undefined
}

/** The same for a value that an update puts at a path. */
export function toStorableValue(value: unknown, { at, depth = 1, vendorValues }: ValuePlace): Value {
  if (isPlainScalar(value)) return value
  const used = vendorValues === true ? vendorRules : rules
  return wrapReadErrors(() => new CheckedCopy(used).copy(value, at, depth - 1), unreadable(at))
}

/** The same for a value that has been stored, which goes to another path. */
export function toMovedValue(value: Value, at: string, depth: number): Value {
  return new CheckedCopy({ ...vendorRules, takesAnyNumber: () => true }).copy(value, at, depth - 1)
}

function holdsForeignNumber(value: Value): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value === 'bigint') return !isInt64(value)
  return (isArray(value) || isDocument(value)) && Object.values(value).some(holdsForeignNumber)
}

/** @throws DocumentValidationError unless a stored field may have this name */
export function assertFieldName(name: string, at: string): void {
  const problem = fieldName(name)
  if (problem !== undefined) throw invalid(problem.reason, problem.message, at)
}

/** Whether a document can have what the path names. */
export function isStorablePath(parts: readonly string[]): boolean {
  return parts.every((part) => fieldName(part) === undefined)
}

/** The same for a field that a path must reach: an update sets it by its name. */
export function assertPathName(name: string, at: string): void {
  assertFieldName(name, at)
  if (name.startsWith('$')) throw invalid('DollarPrefixedFieldName', 'a field name cannot start with a dollar here', at)
  if (name.includes('.')) throw invalid('DottedFieldName', 'a field name cannot hold a dot here', at)
}

function fieldName(name: string): Problem | undefined {
  if (name === '') return { reason: 'EmptyFieldName', message: 'a field name cannot be empty' }
  if (name === '__proto__') return { reason: 'BadValue', message: 'a field name cannot be __proto__' }
  return nameProblem(name)
}

export function invalid(reason: string, message: string, path: string): DocumentValidationError {
  return new DocumentValidationError(message, { reason, path })
}

/** The refusal of a value whose getters or traps throw. */
export function unreadable(at: string) {
  return (cause: unknown) =>
    new DocumentValidationError('a value cannot be read', { reason: 'BadValue', path: at, cause })
}
