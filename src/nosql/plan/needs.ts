import type { FilterNode } from '../query/filter-node.ts'
import { arrayIndex, type PathParts, splitPath } from '../query/path.ts'
import type { FieldRule, Projection } from '../query/projection/projection.ts'
import type { SortKey } from '../query/sort.ts'

/** What is done here with the documents that a backend sends. */
export interface Uses {
  /** What they are tested for: the residual, and what tells repeats. */
  readonly tested: readonly FilterNode[]
  /** What they are sorted by here, or told apart from a position. */
  readonly sort?: readonly SortKey[] | undefined
  /** What becomes of them at the end; undefined: the whole document is wanted. */
  readonly projection?: Projection | undefined
  /** Nothing of them is wanted but their `_id`: for `deleteMany` and counts. @default false */
  readonly onlyIds?: boolean | undefined
}

/** The whole document, its `_id` alone, or these paths; none is within another, and `_id` is among them. */
export type Needs = 'whole' | 'keys' | readonly string[]

/**
 * The paths that a backend has to send, so that what is left can be done here. A path through an array by position
 * stands for the whole array.
 *
 * @example
 * neededPaths({ tested: [], sort: [{ path: 'age', direction: 1 }, …], projection: parseProjection({ name: 1 }) })
 * // ['_id', 'age', 'name']
 */
export function neededPaths({ tested, sort = [], projection, onlyIds = false }: Uses): Needs {
  const paths: PathParts[] = [['_id'], ...sort.map(({ path }) => splitPath(path))]
  for (const node of tested) if (!addFilterPaths(node, paths)) return 'whole'
  if (!onlyIds && (projection === undefined || !addProjectionPaths(projection, paths))) return 'whole'
  const outermost = withoutInner(paths.map(withoutPositions))
  return outermost.length === 1 ? 'keys' : outermost
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

/** False where a projection is about more than the paths it names. */
function addProjectionPaths({ mode, rules, positional }: Projection, paths: PathParts[]): boolean {
  if (mode === 'exclude' || positional !== undefined) return false
  return addRules(rules, [], paths)
}

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

/** Each path once, and none that lies within another. */
function withoutInner(paths: readonly PathParts[]): readonly string[] {
  const all = new Set(paths.map((parts) => parts.join('.')))
  return [...all].filter((path) => {
    const parts = splitPath(path)
    return !parts.some((_, length) => length > 0 && all.has(parts.slice(0, length).join('.')))
  })
}
