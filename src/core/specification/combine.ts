import { UsageError } from '../errors.ts'
import type { Fluent, Specification, SpecificationNode } from './specification.ts'

/**
 * Holds when every operand holds; of no operands it holds always.
 *
 * @example
 * import { and, fieldEq, fieldGte } from 'lexigram-edge/nosql'
 *
 * const adults = and(fieldEq('status', 'active'), fieldGte('age', 18))
 */
export function and<T = object>(...operands: readonly Specification<T>[]): Specification<T> {
  return combine('and', operands)
}

/** Holds when any operand holds; of no operands it holds never. */
export function or<T = object>(...operands: readonly Specification<T>[]): Specification<T> {
  return combine('or', operands)
}

/** Holds exactly when the operand does not; missing and `null` fields count like any other value. */
export function not<T = object>(operand: Specification<T>): Specification<T> {
  checkNode(operand)
  return toSpecification(operand.kind === 'not' ? operand.operand : { kind: 'not', operand: toNode(operand) })
}

/**
 * Adds the fluent methods to a condition that arrived as plain data (from a queue, from `structuredClone`).
 * It trusts the shape: never pass it what a client sent.
 */
export function toSpecification<T = object>(node: SpecificationNode): Specification<T> {
  const specification: SpecificationNode = { ...node }
  const fluent: Fluent<T> = {
    and: (...others) => and(self, ...others),
    or: (...others) => or(self, ...others),
    not: () => not(self),
  }
  for (const [name, value] of Object.entries(fluent)) Object.defineProperty(specification, name, { value })
  const self = Object.freeze(specification) as Specification<T> // the methods were defined above
  return self
}

/** True for what `fieldEq` and its siblings made; false for plain data, whatever its keys are called. */
export function isSpecification(value: unknown): value is Specification {
  if (typeof value !== 'object' || value === null) return false
  return !Object.keys(value).includes('and') && typeof Reflect.get(value, 'and') === 'function'
}

/** Nested operands of the same kind are lifted, so that a loop of `spec = spec.or(…)` stays one level deep. */
function combine<T>(kind: 'and' | 'or', operands: readonly Specification<T>[]): Specification<T> {
  operands.forEach(checkNode)
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [toNode(operand)]))
  const only = flat[0]
  return toSpecification(flat.length === 1 && only !== undefined ? only : { kind, operands: Object.freeze(flat) })
}

export function checkNode(node: unknown): void {
  if (typeof node === 'object' && node !== null && 'kind' in node) return
  throw new UsageError('an operand must be a specification, such as the result of fieldEq')
}

function toNode(specification: SpecificationNode): SpecificationNode {
  return Object.freeze({ ...specification })
}
