import { assertFields } from '../plain-object.ts'
import { checkNode } from './combine.ts'
import { compareOrdered, equalValues } from './equality.ts'
import { readField } from './read-field.ts'
import type { Specification, SpecificationNode } from './specification.ts'

/**
 * Whether an entity, a class instance or plain data, satisfies a specification: the answer of a query.
 *
 * @example
 * import { fieldGte, isSatisfiedBy } from 'lexigram-edge/nosql'
 *
 * isSatisfiedBy(fieldGte('age', 18), { age: 20 }) // true
 */
export function isSatisfiedBy<T extends object>(specification: Specification<T>, entity: T): boolean {
  checkNode(specification)
  return holds(specification, assertFields(entity, 'an entity'))
}

type Composite = Extract<SpecificationNode, { readonly kind: 'and' | 'or' | 'not' }>
type Comparison = Exclude<SpecificationNode, Composite>

/** A node whose operands are being evaluated. */
interface OpenNode {
  readonly kind: Composite['kind']
  readonly operands: readonly SpecificationNode[]
  next: number
}

/** A loop and not a recursion, so that the stack does not bound how deep a specification may be. */
function holds(root: SpecificationNode, entity: object): boolean {
  const open: OpenNode[] = []
  let node: SpecificationNode | undefined = root
  for (;;) {
    while (isComposite(node)) {
      const operands: readonly SpecificationNode[] = node.kind === 'not' ? [node.operand] : node.operands
      open.push({ kind: node.kind, operands, next: 1 })
      node = operands[0]
    }
    // Of no operands, "all of them" holds and "any of them" does not.
    let result: boolean = node === undefined ? open.at(-1)?.kind === 'and' : compares(node, entity)
    for (node = undefined; node === undefined;) {
      const current = open.at(-1)
      if (current === undefined) return result
      if (current.kind === 'not') result = !result
      else if (result === (current.kind === 'and')) node = current.operands[current.next++]
      if (node === undefined) open.pop()
    }
  }
}

function isComposite(node: SpecificationNode | undefined): node is Composite {
  return node?.kind === 'and' || node?.kind === 'or' || node?.kind === 'not'
}

function compares(node: Comparison, entity: object): boolean {
  switch (node.kind) {
    case 'eq':
      return equals(entity, node.field, [node.value])
    case 'ne':
      return !equals(entity, node.field, [node.value])
    case 'in':
      return equals(entity, node.field, node.values)
    case 'exists':
      return readField(entity, node.field).some((value) => value !== undefined) === node.value
    case 'contains':
      return hasText(entity, node, (value) => value.includes(node.value))
    case 'startsWith':
      return hasText(entity, node, (value) => value.startsWith(node.value))
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    default:
      return some(entity, node.field, (value) => isWithin(node.kind, compareOrdered(value, node.value)))
  }
}

/** Half of a character is in no text, although JavaScript finds it in a whole one. */
function hasText(
  entity: object,
  node: { readonly field: string; readonly value: string },
  test: (value: string) => boolean,
): boolean {
  if (!node.value.isWellFormed()) return false
  return some(entity, node.field, (value) => typeof value === 'string' && test(value))
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
