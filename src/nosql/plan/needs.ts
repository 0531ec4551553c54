import type { Needs } from '../contract/query.ts'
import { type Facts, noFacts } from './facts.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { arrayIndex, type PathParts } from '../query/path.ts'
import type { FieldRule, Projection } from '../query/projection/projection.ts'
import type { SortKey } from '../query/sort.ts'

/** What is done here with the documents that a backend sends. */
export interface Uses {
  /** What is wanted of them in the end: `query.needs`. */
  readonly wanted: Needs
  /** The filter, where they are tested here: of a plan that is not exact the whole filter is, not only what is left. */
  readonly tested?: FilterNode | undefined
  /** What they are sorted, merged or positioned by here. */
  readonly sort?: readonly SortKey[] | undefined
  /** What is known of paths: one that may go through an array becomes the field that it begins with. @default nothing */
  readonly facts?: Facts | undefined
  /** The backend sends of a path through an array that part of each element, as MongoDB does. @default false */
  readonly throughArrays?: boolean | undefined
}

/**
 * What a backend has to send, so that what is left can be done here. No path is within another, and `_id` is always
 * sent. A path through an array by position needs the whole array.
 *
 * @example
 * neededPaths({ wanted: query.needs, tested: exact ? undefined : query.filter, sort: query.sort, facts })
 */
export function neededPaths({ wanted, tested, sort = [], facts = noFacts, throughArrays = false }: Uses): Needs {
  if (wanted === 'whole') return 'whole'
  const paths: PathParts[] = sort.map(({ path }) => path.split('.'))
  if (wanted !== 'keys') paths.push(...wanted.map((path) => path.split('.')))
  return tested === undefined || addFilterPaths(tested, paths)
    ? toNeeds(paths, throughArrays ? undefined : facts)
    : 'whole'
}

/** What a projection looks at, of documents that it is applied to here. */
export function projectedPaths({ mode, rules, positional }: Projection): Needs {
  const paths: PathParts[] = []
  return mode === 'include' && positional === undefined && addRules(rules, [], paths) ? toNeeds(paths) : 'whole'
}

/** False where a filter asks about the whole document. */
function addFilterPaths(node: FilterNode, paths: PathParts[]): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return node.nodes.every((inner) => addFilterPaths(inner, paths))
    case 'not':
      return addFilterPaths(node.node, paths)
    case 'field':
      paths.push(node.parts)
      return true
    case 'constant':
      return true
    case 'expression':
    default:
      return false
  }
}

/** False where a projection computes from the whole document. */
function addRules(rules: ReadonlyMap<string, FieldRule>, outer: PathParts, paths: PathParts[]): boolean {
  for (const [name, rule] of rules) {
    const parts = [...outer, name]
    if (rule.kind === 'compute') return false
    if (rule.kind === 'fields') {
      if (!addRules(rule.rules, parts, paths)) return false
    } else if (rule.kind !== 'drop') paths.push(parts)
  }
  return true
}

/** Up to the first part that may be a position in an array: the whole of it is sent. */
function withoutPositions(parts: PathParts): PathParts {
  const position = parts.findIndex((part, at) => at > 0 && arrayIndex(part) !== undefined)
  return position === -1 ? parts : parts.slice(0, position)
}

/** Each path once, none that lies within another, and not the `_id`, which goes without saying; without facts as it is. */
function toNeeds(paths: readonly PathParts[], facts?: Facts): Needs {
  const sent = (parts: PathParts): PathParts =>
    facts === undefined || facts(parts.join('.')).scalar ? withoutPositions(parts) : parts.slice(0, 1)
  const all = new Set(paths.map((parts) => sent(parts).join('.')))
  all.delete('_id')
  const outermost = [...all].filter((path) => {
    const parts = path.split('.')
    return !parts.some((_, length) => length > 0 && all.has(parts.slice(0, length).join('.')))
  })
  return outermost.length === 0 ? 'keys' : outermost
}
