import { UsageError } from '../../core/errors.ts'
import { kindOf } from '../../core/plain-object.ts'
import { checkField, checkOrdered, freezeValue } from '../../core/specification/operand.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'

/** A condition on one field. */
export type FieldNode = Extract<SpecificationNode, { readonly field: string }>

/**
 * The condition as `fieldEq` and its siblings would have made it. One that arrived as data may hold anything: an operator
 * as its kind or field, a pattern as its value.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what they do not make
 */
export function checkedCondition(node: FieldNode): FieldNode {
  const field = checkField(node.field)
  switch (node.kind) {
    case 'eq':
    case 'ne':
      return { kind: node.kind, field, value: freezeValue(node.value, field) }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { kind: node.kind, field, value: checkOrdered(node.value, field) }
    case 'in':
      return { kind: 'in', field, values: listOf(node.values, field).map((value) => freezeValue(value, field)) }
    case 'contains':
    case 'startsWith':
      return { kind: node.kind, field, value: textOf(node.value, field) }
    case 'exists':
      return { kind: 'exists', field, value: booleanOf(node.value, field) }
    default:
      throw new UsageError('the kind of a condition must be one that fieldEq or one of its siblings makes')
  }
}

function listOf<T>(values: readonly T[], field: string): readonly T[] {
  if (Array.isArray(values)) return values
  throw wrongOperand(values, field, 'an array')
}

function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw wrongOperand(value, field, 'text')
}

function booleanOf(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value
  throw wrongOperand(value, field, 'true or false')
}

function wrongOperand(given: unknown, field: string, expected: string): UsageError {
  return new UsageError(`the operand of the condition on '${field}' must be ${expected}, not ${kindOf(given)}`)
}
