import { compareOrdered, equalValues } from './equality.ts'
import { readField } from './read-field.ts'
import type { Specification, SpecificationNode } from './specification.ts'

/**
 * Whether an entity, a class instance or plain data, satisfies a specification: the answer a query would give.
 *
 * @example
 * import { fieldGte, isSatisfiedBy } from 'lexigram-edge/nosql'
 *
 * isSatisfiedBy(fieldGte('age', 18), { age: 20 }) // true
 */
export function isSatisfiedBy<T extends object>(specification: Specification<T>, entity: T): boolean {
  return holds(specification, entity)
}

function holds(node: SpecificationNode, entity: object): boolean {
  switch (node.kind) {
    case 'and':
      return node.operands.every((operand) => holds(operand, entity))
    case 'or':
      return node.operands.some((operand) => holds(operand, entity))
    case 'not':
      return !holds(node.operand, entity)
    case 'eq':
      return equals(entity, node.field, [node.value])
    case 'ne':
      return !equals(entity, node.field, [node.value])
    case 'in':
      return equals(entity, node.field, node.values)
    case 'exists':
      return readField(entity, node.field).some((value) => value !== undefined) === node.value
    case 'contains':
      return some(entity, node.field, (value) => typeof value === 'string' && value.includes(node.value))
    case 'startsWith':
      return some(entity, node.field, (value) => typeof value === 'string' && value.startsWith(node.value))
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    default:
      return some(entity, node.field, (value) => isWithin(node.kind, compareOrdered(value, node.value)))
  }
}

function isWithin(kind: 'gt' | 'gte' | 'lt' | 'lte', order: number | undefined): boolean {
  if (order === undefined) return false
  if (order === 0) return kind === 'gte' || kind === 'lte'
  return order > 0 === (kind === 'gt' || kind === 'gte')
}

function equals(entity: object, field: string, wanted: readonly unknown[]): boolean {
  return some(entity, field, (value) => wanted.some((one) => equalValues(value ?? null, one)))
}

function some(entity: object, field: string, test: (value: unknown) => boolean): boolean {
  return readField(entity, field).some(test)
}
