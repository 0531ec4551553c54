import type { DriverQuery } from '../../../contract/query.ts'
import { pushAll, type Split } from '../../../plan/chunks.ts'
import type { Dialect } from '../../../plan/dialect.ts'
import type { Facts } from '../../../plan/facts.ts'
import type { FilterNode } from '../../../query/filter-node.ts'
import { composite, firestoreDialect, type Names, type NativeFilter } from '../dialect.ts'
import type { Place } from '../place.ts'
import { fieldPathOf } from './field-path.ts'
import { pushBranches } from './push-branches.ts'
import { comparedPaths, conjunctPaths, inequalityPaths } from './query.ts'

/** Fields that one query may compare by inequalities. */
const inequalityFields = 10

/** Firestore filters a group from the root only: what lies below one document is read whole. */
const silent: Dialect<NativeFilter> = { test: () => undefined, and: (parts) => composite('AND', parts) }

export interface Target {
  readonly place: Names & Pick<Place, 'isGroup' | 'below'>
  readonly facts: Facts
  readonly otherWriters?: boolean | undefined
}

/**
 * A filter as one or more structured queries. Firestore orders by every field of an inequality, and what it orders by a
 * document must have: an inequality that counts in one branch of an `or` only has a query for that branch, or is
 * re-checked here.
 */
export function pushFilter(
  { place, facts, otherWriters }: Target,
  query: Pick<DriverQuery, 'filter' | 'sort'>,
): Split<NativeFilter> {
  if (place.isGroup && place.below.parent !== undefined) return pushAll(query.filter, silent, facts)
  let ranges: readonly string[] = rangePaths(query.filter).slice(0, inequalityFields)
  let names: Names | undefined = place
  for (;;) {
    const dialect = firestoreDialect({ names, otherWriters, ranges, orders: query.sort?.length ?? 0 })
    const split = pushAll(query.filter, dialect, facts)
    if (split.queries.every(({ native }) => isSound(native))) return split
    const branches = pushBranches(query.filter, { dialect, facts, isSound })
    if (branches !== undefined) return branches
    const uncertain = new Set(split.queries.flatMap(({ native }) => uncertainPaths(native)))
    // Firestore refuses a name beside an inequality.
    if (split.queries.some(({ native }) => mixesNames(native))) names = undefined
    ranges = ranges.filter((path) => !uncertain.has(fieldPathOf(path)))
  }
}

function isSound(native: NativeFilter | undefined): boolean {
  return uncertainPaths(native).length === 0 && !mixesNames(native)
}

/** The fields of inequalities that a document which is looked for may not have. */
function uncertainPaths(native: NativeFilter | undefined): readonly string[] {
  const certain = conjunctPaths(native)
  return inequalityPaths(native).filter((path) => !certain.includes(path))
}

function mixesNames(native: NativeFilter | undefined): boolean {
  return inequalityPaths(native).length > 0 && comparedPaths(native).includes('__name__')
}

/** The fields that may be compared by an inequality. */
function rangePaths(node: FilterNode): readonly string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return [...new Set(node.nodes.flatMap(rangePaths))]
    case 'not':
      return rangePaths(node.node)
    case 'field':
      return node.test.kind === 'compare' && node.test.operator === 'eq' && !(node.test.value instanceof Date)
        ? []
        : [node.path]
    case 'expression':
    case 'constant':
    default:
      return []
  }
}
