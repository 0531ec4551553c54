/** Values in filters and expressions: checked, copied, and free of what no backend can hold. */

import { CheckedCopy, type CopyRules } from './checked-copy.ts'
import { kindOf } from '../../core/plain-object.ts'
import { NoSQLFilterError } from '../errors.ts'
import { nameProblem, type Value } from './value.ts'

const maxDepth = 100

const undefinedValue = {
  reason: 'BadValue',
  message: 'undefined cannot be compared with',
  hint: 'Use null, or $exists to test whether a field exists.',
}

const rules: CopyRules = {
  maxDepth,
  tooDeep: { reason: 'BadValue', message: `values nest at most ${maxDepth} deep` },
  tooMany: { reason: 'BadValue', message: 'a value cannot have so many parts' },
  foreign: (value) => ({
    reason: 'BadValue',
    message: `a value cannot be ${kindOf(value)}`,
    hint: value instanceof RegExp ? 'Use $regex, or $in.' : 'Use plain objects, arrays, dates, bytes or ObjectIds.',
  }),
  undefinedField: undefinedValue,
  undefinedValue,
  fieldName: nameProblem,
  refuse: ({ reason, message, hint }, path) => new NoSQLFilterError(message, { reason, path, hint }),
}

const vendorRules: CopyRules = { ...rules, vendorValues: true }

/**
 * A copy of a value from a filter.
 *
 * @param vendorValues whether the backend has values of MongoDB's own classes
 * @throws NoSQLFilterError for `undefined`, functions, symbols, foreign classes, NaN and infinities, invalid dates,
 *   bigints beyond 64 bits, text that is not well-formed, names that no field can have, and nesting that is too deep
 */
export function filterLiteral(value: unknown, at: string, vendorValues = false): Value {
  return new CheckedCopy(vendorValues ? vendorRules : rules).copy(value, at, 0)
}
