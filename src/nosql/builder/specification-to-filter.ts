import { UsageError } from '../../core/errors.ts'
import { assertPlainObject, kindOf } from '../../core/plain-object.ts'
import type { Filter } from '../collection/types/filter.ts'
import type { SpecificationNode, SpecificationValue } from '../../core/specification/specification.ts'
import { checkedCondition, type FieldNode } from './checked-condition.ts'

/**
 * Translates a specification to a filter of the document query language. Values stay data: an object among them is
 * compared, whatever its keys look like.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what `fieldEq`, `and` and their siblings do not make
 * @example
 * import { fieldEq, fieldGt, or, toFilter } from 'lexigram-edge/nosql'
 *
 * toFilter(or(fieldEq('role', 'admin'), fieldGt('age', 65))) // { $or: [{ role: 'admin' }, { age: { $gt: 65 } }] }
 */
export function toFilter(specification: SpecificationNode): Filter {
  assertPlainObject(specification, 'a specification')
  if ('field' in specification) {
    const node = checkedCondition(specification)
    return { [node.field]: fieldCondition(node) }
  }
  if (specification.kind === 'not') return negate(specification.operand)
  if (specification.kind !== 'and' && specification.kind !== 'or')
    throw new UsageError("a specification must have the kind 'field', 'and', 'or' or 'not'")
  const operands = operandsOf(specification).map(toFilter)
  if (specification.kind === 'and') return allOf(operands)
  return operands.length === 0 ? nothing : { $or: operands }
}

/** Matches no document. */
const nothing: Filter = { $nor: [{}] }

/** Every filter holds. Filters on different fields become one document; otherwise `$and` keeps them apart. */
export function allOf(filters: readonly Filter[]): Filter {
  const conditions = filters.filter((filter) => Object.keys(filter).length > 0)
  const keys = conditions.flatMap((filter) => Object.keys(filter))
  return new Set(keys).size === keys.length ? Object.assign({}, ...conditions) : { $and: conditions }
}

type ListNode = Extract<SpecificationNode, { readonly operands: unknown }>

function operandsOf({ kind, operands }: ListNode): ListNode['operands'] {
  if (Array.isArray(operands)) return operands
  throw new UsageError(`the operands of '${kind}' must be an array, not ${kindOf(operands)}`)
}

function fieldCondition(node: FieldNode): unknown {
  switch (node.kind) {
    case 'eq':
      return isScalar(node.value) ? node.value : { $eq: node.value }
    case 'in':
      return { $in: node.values }
    case 'exists':
      return { $exists: node.value }
    case 'contains':
      return { $regex: escapePattern(node.value) }
    case 'startsWith':
      return { $regex: `^${escapePattern(node.value)}` }
    case 'ne':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    default:
      return { [`$${node.kind}`]: node.value }
  }
}

function negate(operand: SpecificationNode): Filter {
  assertPlainObject(operand, 'a specification')
  if ('field' in operand) return negateCondition(checkedCondition(operand))
  if (operand.kind === 'not') return toFilter(operand.operand)
  if (operand.kind !== 'or') return { $nor: [toFilter(operand)] } // of no operands: { $nor: [{}] }, nothing
  const operands = operandsOf(operand).map(toFilter)
  return operands.length === 0 ? {} : { $nor: operands }
}

function negateCondition(node: FieldNode): Filter {
  switch (node.kind) {
    case 'eq':
      return { [node.field]: { $ne: node.value } }
    case 'ne':
      return { [node.field]: fieldCondition({ ...node, kind: 'eq' }) }
    case 'in':
      return { [node.field]: { $nin: node.values } }
    case 'exists':
      return { [node.field]: { $exists: !node.value } }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'contains':
    case 'startsWith':
    default:
      return { [node.field]: { $not: fieldCondition(node) } }
  }
}

/** Only an object could be read as an operator, and only an array or a pattern has a second meaning in short form. */
function isScalar(value: SpecificationValue): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date
}

/** Text as a pattern that matches just it, in JavaScript and in PCRE. */
function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
