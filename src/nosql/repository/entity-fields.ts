import { UsageError } from '../../core/errors.ts'
import { assertPlainObject } from '../../core/plain-object.ts'
import { isSpecification } from '../../core/specification/combine.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'
import { conditionFilter } from '../builder/condition.ts'
import { toFilter } from '../builder/specification-to-filter.ts'
import type { Filter } from '../collection/types/filter.ts'

/** The filter of a specification, a filter or nothing. A specification names fields of the entity, a filter those of documents. */
export function conditionOf(condition: unknown, keyField: string): Filter {
  if (condition === undefined) return {}
  const given = assertPlainObject(condition, 'a condition')
  return isSpecification(given) ? specificationFilter(given, keyField) : conditionFilter(given)
}

/**
 * The filter of a specification on an entity whose key is stored as `_id`.
 *
 * @throws UsageError for plain data, which a client may have sent
 */
export function specificationFilter(specification: SpecificationNode, keyField: string): Filter {
  const given = assertPlainObject(specification, 'a specification')
  if (isSpecification(given)) return toFilter(withStoredKey(given, keyField))
  throw new UsageError('a specification cannot be plain data', {
    hint: 'Give plain data that you trust its methods back by toSpecification.',
  })
}

/** A sort by pairs with words names fields of the entity; every other form is left as it is. */
export function storedSort(sort: unknown, keyField: string): unknown {
  if (!Array.isArray(sort) || !sort.every(isWordedPair)) return sort
  return sort.map(([field, direction]) => [storedField(field, keyField), direction])
}

function isWordedPair(pair: unknown): pair is readonly [string, string] {
  return (
    Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && /^(?:asc|desc)$/.test(String(pair[1]))
  )
}

function withStoredKey(node: SpecificationNode, keyField: string): SpecificationNode {
  assertPlainObject(node, 'a specification')
  if ('field' in node) return { ...node, field: storedField(node.field, keyField) }
  if (node.kind === 'not') return { ...node, operand: withStoredKey(node.operand, keyField) }
  // What is wrong with the others is said where they become a filter.
  if (!Array.isArray(node.operands)) return node
  return { ...node, operands: node.operands.map((operand) => withStoredKey(operand, keyField)) }
}

function storedField(field: string, keyField: string): string {
  return field === keyField ? '_id' : field
}
