import { UsageError } from '../../core/errors.ts'
import { assertPlainObject } from '../../core/plain-object.ts'
import type { Filter } from '../collection/types/filter.ts'
import type { SpecificationNode, SpecificationValue } from '../../core/specification/specification.ts'

/**
 * Translates a specification to a filter of the document query language. Values stay data: an object among them is
 * compared, whatever its keys look like.
 *
 * @example
 * import { fieldEq, fieldGt, or, toFilter } from 'lexigram-edge/nosql'
 *
 * toFilter(or(fieldEq('role', 'admin'), fieldGt('age', 65))) // { $or: [{ role: 'admin' }, { age: { $gt: 65 } }] }
 */
export function toFilter(specification: SpecificationNode): Filter {
  assertPlainObject(specification, 'a specification')
  if ('field' in specification) return { [specification.field]: fieldCondition(specification) }
  if (specification.kind === 'not') return negate(specification.operand)
  if (specification.kind !== 'and' && specification.kind !== 'or')
    throw new UsageError("a specification must have the kind 'field', 'and', 'or' or 'not'")
  const operands = specification.operands.map(toFilter)
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

type FieldNode = Extract<SpecificationNode, { readonly field: string }>

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

function negate(node: SpecificationNode): Filter {
  switch (node.kind) {
    case 'not':
      return toFilter(node.operand)
    case 'eq':
      return { [node.field]: { $ne: node.value } }
    case 'ne':
      return toFilter({ ...node, kind: 'eq' })
    case 'in':
      return { [node.field]: { $nin: node.values } }
    case 'exists':
      return { [node.field]: { $exists: !node.value } }
    case 'or':
      return node.operands.length === 0 ? {} : { $nor: node.operands.map(toFilter) }
    case 'and':
      return node.operands.length === 0 ? nothing : { $nor: [toFilter(node)] }
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
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
