import type { FieldNode, FieldTest, FilterNode } from '../query/filter-node.ts'
import { type Value, isArray } from '../query/value.ts'
import { conjuncts, isNever, negationsAtLeaves } from './conjuncts.ts'
import { type Cost, costOf, costOfAnd, costOfOr, isWithin, noCost } from './cost.ts'
import type { Dialect, DialectLimits, Translation } from './dialect.ts'
import type { Facts } from './facts.ts'
import { isStorablePath } from '../query/storable.ts'
import { textBytes } from '../query/text-bytes.ts'

/** What a backend answers of a filter, and what is left. */
export interface Pushed<N> {
  /** Undefined: the backend narrows nothing down. */
  readonly native: N | undefined
  /** `exact`: nothing is left; `superset`: a part was pushed, or pushed inexactly; `none`: nothing was pushed. */
  readonly exactness: 'exact' | 'superset' | 'none'
  /** The conjuncts that are re-checked here. Empty where the answer is exact. */
  readonly residual: readonly FilterNode[]
  /** Conjuncts that the backend could have answered, had they not been over a limit. Part of the residual. */
  readonly overLimit: readonly FilterNode[]
  /** What the native part counts for. */
  readonly cost: Cost
}

/**
 * Translates as much of a filter as a dialect can say: of an `and` what can be pushed, of an `or` all branches or none,
 * a `not` where the dialect can ask the opposite, or over an exact test. A filter that asks nothing is exact with no
 * native part.
 *
 * @example
 * const { native, exactness, residual } = push(parseFilter({ age: 3, tags: { $size: 2 } }), dialect, factsOf(spec))
 * // 'age = 3', 'superset', [tags size]
 */
export function push<N>(filter: FilterNode, dialect: Dialect<N>, facts: Facts): Pushed<N> {
  const parts: N[] = []
  const residual: FilterNode[] = []
  const overLimit: FilterNode[] = []
  let cost = noCost
  for (const node of conjuncts(negationsAtLeaves(filter))) {
    const part = translate(node, dialect, facts)
    const next = part === undefined ? cost : costOfAnd([cost, costOf(part)])
    if (part === undefined) residual.push(node)
    else if (isWithin(next, dialect.limits ?? {})) {
      cost = next
      parts.push(part.native)
      if (part.exactness === 'superset') residual.push(node)
    } else {
      residual.push(node)
      overLimit.push(node)
    }
  }
  return {
    native: joined(parts, (all) => dialect.and(all)),
    exactness: residual.length === 0 ? 'exact' : parts.length === 0 ? 'none' : 'superset',
    residual,
    overLimit,
    cost,
  }
}

/** One predicate in the dialect's words, whole or not at all. */
function translate<N>(node: FilterNode, dialect: Dialect<N>, facts: Facts): Translation<N> | undefined {
  switch (node.kind) {
    case 'field':
      return field(node, dialect, facts)
    case 'not':
      return node.node.kind === 'field' ? negatedField(node.node, dialect, facts) : undefined
    case 'and':
      return branchOfAnd(node.nodes, dialect, facts)
    case 'or':
      return disjunction(node.nodes, dialect, facts)
    case 'expression':
      return dialect.expression?.(node)
    case 'constant':
    case 'nor':
    default:
      return undefined
  }
}

function field<N>(node: FieldNode, dialect: Dialect<N>, facts: Facts): Translation<N> | undefined {
  const { limits = {} } = dialect
  if (isTooLarge(node.test, limits) || !isStorablePath(node.parts)) return undefined
  const { inValues = Infinity } = limits
  if (node.test.kind !== 'in' || node.test.values.length <= inValues) return dialect.test(node, facts(node.path))
  return disjunction(chunksOfIn(node, node.test, inValues), dialect, facts)
}

function negatedField<N>(node: FieldNode, dialect: Dialect<N>, facts: Facts): Translation<N> | undefined {
  const { limits = {} } = dialect
  if (isTooLarge(node.test, limits) || !isStorablePath(node.parts)) return undefined
  const { inValues = Infinity } = limits
  if (node.test.kind === 'in' && node.test.values.length > inValues) {
    const chunks = chunksOfIn(node, node.test, inValues).map((chunk): FilterNode => ({ kind: 'not', node: chunk }))
    return branchOfAnd(chunks, dialect, facts)
  }
  const opposite = dialect.negated?.(node, facts(node.path))
  if (opposite !== undefined || dialect.not === undefined) return opposite
  const part = dialect.test(node, facts(node.path))
  return part?.exactness === 'exact' ? { ...part, native: dialect.not(part.native) } : undefined
}

/** Within a disjunction an `and` may keep any of its parts, but one at least. */
function branchOfAnd<N>(nodes: readonly FilterNode[], dialect: Dialect<N>, facts: Facts): Translation<N> | undefined {
  const all = conjuncts({ kind: 'and', nodes })
  const parts = all.flatMap((node) => translate(node, dialect, facts) ?? [])
  const native = joined(
    parts.map((part) => part.native),
    (natives) => dialect.and(natives),
  )
  if (native === undefined) return undefined
  const exact = parts.length === all.length && parts.every(({ exactness }) => exactness === 'exact')
  return {
    native,
    exactness: exact ? 'exact' : 'superset',
    ...costOfAnd(parts.map(costOf)),
  }
}

function disjunction<N>(nodes: readonly FilterNode[], dialect: Dialect<N>, facts: Facts): Translation<N> | undefined {
  const parts: Translation<N>[] = []
  for (const node of nodes) {
    if (isNever(node)) continue
    const part = translate(node, dialect, facts)
    if (part === undefined) return undefined
    parts.push(part)
  }
  const [only, ...others] = parts
  if (only === undefined || others.length === 0) return only
  if (dialect.or === undefined) return undefined
  return {
    native: dialect.or(parts.map((part) => part.native)),
    exactness: parts.every(({ exactness }) => exactness === 'exact') ? 'exact' : 'superset',
    ...costOfOr(parts.map(costOf)),
  }
}

function joined<N>(parts: readonly N[], and: (parts: readonly N[]) => N): N | undefined {
  return parts.length > 1 ? and(parts) : parts[0]
}

type InTest = Extract<FieldTest, { readonly kind: 'in' }>

/** One `in` as several of at most `size` values; patterns go with the first. */
function chunksOfIn(node: FieldNode, test: InTest, size: number): readonly FieldNode[] {
  const chunks: FieldNode[] = []
  for (let from = 0; from < test.values.length; from += size) {
    const values: readonly Value[] = test.values.slice(from, from + size)
    chunks.push({ ...node, test: { kind: 'in', values, patterns: from === 0 ? test.patterns : [] } })
  }
  return chunks
}

function isTooLarge(test: FieldTest, { valueBytes }: DialectLimits): boolean {
  return valueBytes !== undefined && largestOperand(test) > valueBytes
}

/** Bytes of the largest value that a test compares with; 0 for tests without one. */
function largestOperand(test: FieldTest): number {
  if (test.kind === 'compare') return operandBytes(test.value)
  if (test.kind === 'in') return test.values.reduce((most: number, value) => Math.max(most, operandBytes(value)), 0)
  return test.kind === 'regex' ? textBytes(test.pattern.prefix ?? '') : 0
}

/** About the bytes a value takes: text as UTF-8, numbers and dates 8, what is nested with its names. */
function operandBytes(value: Value): number {
  if (typeof value === 'string') return textBytes(value)
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value !== 'object' || value instanceof Date) return 8
  if (value instanceof Uint8Array) return value.length
  if (isArray(value)) return value.reduce((sum: number, element) => sum + operandBytes(element), 0)
  return Object.entries(value).reduce((sum, [name, inner]) => sum + textBytes(name) + operandBytes(inner), 0)
}
