import { UsageError } from '../errors.ts'
import { toSpecification } from './combine.ts'
import type { EqualityOperand, FieldPath, FieldValue, OrderOperand, TextOperand } from './field-path.ts'
import { checkField, checkOrdered, freezeValue } from './operand.ts'
import type { Specification, SpecificationNode } from './specification.ts'

type EqualityArguments<T> = { [P in FieldPath<T>]: [field: P, value: EqualityOperand<FieldValue<T, P>>] }[FieldPath<T>]
type OrderArguments<T> = { [P in FieldPath<T>]: [field: P, value: OrderOperand<FieldValue<T, P>>] }[FieldPath<T>]
type TextArguments<T> = { [P in FieldPath<T>]: [field: P, text: TextOperand<FieldValue<T, P>>] }[FieldPath<T>]
type ListArguments<T> = {
  [P in FieldPath<T>]: [field: P, values: readonly EqualityOperand<FieldValue<T, P>>[]]
}[FieldPath<T>]

/**
 * The field equals the value, or is an array that holds it. `null` also matches a missing field. The value is data: an
 * object in it is compared, never understood as an operator.
 *
 * Fields may be dotted paths through objects and arrays. With an entity type (`fieldEq<User>(…)`, or where one is
 * expected, as in `users.findBySpec(fieldEq(…))`) field and value are checked against it.
 *
 * @throws UsageError `LEX_ERR_USE_001` for an empty or reserved field name, `undefined`, NaN, an invalid date, a function.
 * @example
 * import { fieldEq } from 'lexigram-edge/nosql'
 *
 * const admins = fieldEq('status', 'active').and(fieldEq('role', 'admin'))
 */
export function fieldEq<T = object>(...[field, value]: EqualityArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'eq', field: checkField(field), value: freezeValue(value, field) })
}

/** The opposite of `fieldEq`: also true of a missing field, unless the value is `null`. */
export function fieldNe<T = object>(...[field, value]: EqualityArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'ne', field: checkField(field), value: freezeValue(value, field) })
}

/** Greater than. Numbers compare with numbers, text by code point with text, dates with dates; nothing else matches. */
export function fieldGt<T = object>(...[field, value]: OrderArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'gt', field: checkField(field), value: checkOrdered(value, field) })
}

/** Greater than or equal; compares as `fieldGt`. */
export function fieldGte<T = object>(...[field, value]: OrderArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'gte', field: checkField(field), value: checkOrdered(value, field) })
}

/** Less than; compares as `fieldGt`. */
export function fieldLt<T = object>(...[field, value]: OrderArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'lt', field: checkField(field), value: checkOrdered(value, field) })
}

/** Less than or equal; compares as `fieldGt`. */
export function fieldLte<T = object>(...[field, value]: OrderArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'lte', field: checkField(field), value: checkOrdered(value, field) })
}

/** The field equals one of the values, each as in `fieldEq`; of no values it never holds. */
export function fieldIn<T = object>(...[field, values]: ListArguments<NoInfer<T>>): Specification<T> {
  const path = checkField(field)
  if (!Array.isArray(values)) throw new UsageError(`the values of fieldIn on '${path}' must be an array`)
  return condition({ kind: 'in', field: path, values: Object.freeze(values.map((value) => freezeValue(value, path))) })
}

/** The field is text that contains the given text, case-sensitively, or an array holding such a text. For an array's element use `fieldEq`. */
export function fieldContains<T = object>(...[field, text]: TextArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'contains', field: checkField(field), value: checkText(text, field) })
}

/** The field is text that begins with the given text, case-sensitively, or an array holding such a text. */
export function fieldStartsWith<T = object>(...[field, text]: TextArguments<NoInfer<T>>): Specification<T> {
  return condition({ kind: 'startsWith', field: checkField(field), value: checkText(text, field) })
}

/** The field is there (`null` counts), or with `false` is not. A SQL column is there when it is not null. */
export function fieldExists<T = object>(field: FieldPath<NoInfer<T>>, exists = true): Specification<T> {
  const path = checkField(field)
  if (typeof exists !== 'boolean') throw new UsageError(`whether '${path}' exists must be true or false`)
  return condition({ kind: 'exists', field: path, value: exists })
}

function condition<T>(node: SpecificationNode): Specification<T> {
  return toSpecification(node)
}

function checkText(text: unknown, field: string): string {
  if (typeof text === 'string') return text
  throw new UsageError(`the operand of the condition on '${field}' must be text`, {
    hint: 'Use fieldEq for an element of an array.',
  })
}
