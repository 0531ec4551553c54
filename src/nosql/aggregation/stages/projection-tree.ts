import { setField } from '../../../core/plain-object.ts'
import { arraySize, objectSize, objectSteps } from '../../query/approximate-size.ts'
import type { Meter } from '../../query/meter.ts'
import { type Document, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { isArray, isObject } from '../expression/kinds.ts'
import type { Evaluate, Scope } from '../expression/scope.ts'

/** What happens to a field: `keep` and `drop` look at the document, an expression computes. */
export type FieldRule = 'keep' | 'drop' | Evaluate | ProjectionTree

/** The fields of one level, in the order of the specification. */
export interface ProjectionTree {
  readonly fields: Map<string, FieldRule>
  /** Whether anything below computes a value. */
  computes: boolean
  /** The rules that do, once the tree is finished. */
  computed?: readonly (readonly [name: string, rule: Evaluate | ProjectionTree])[]
}

export function emptyTree(): ProjectionTree {
  return { fields: new Map(), computes: false }
}

function isTree(rule: FieldRule | undefined): rule is ProjectionTree {
  return typeof rule === 'object'
}

/** Adds a rule at a path; a path that another one contains is refused. */
export function addRule(tree: ProjectionTree, path: readonly string[], rule: FieldRule): void {
  let level = tree
  const computes = typeof rule === 'function'
  for (const [index, name] of path.entries()) {
    level.computes ||= computes
    const existing = level.fields.get(name)
    if (index === path.length - 1) {
      if (existing !== undefined) fail(31250, 'a projection must have one rule for each path')
      level.fields.set(name, rule)
    } else if (existing === undefined) {
      const below = emptyTree()
      level.fields.set(name, below)
      level = below
    } else if (isTree(existing)) level = existing
    else fail(31249, 'a projection cannot have a rule for a path and for a part of it')
  }
}

/** What becomes of fields that no rule names. */
export type Others = 'keep' | 'drop'

/** How fields are selected, and what pays for it. */
export interface Selection {
  readonly others: Others
  readonly meter: Meter
}

/** The work of looking at one field, and of computing one. */
const STEPS_OF_A_FIELD = 3
const STEPS_OF_A_RULE = 6

/** Pays for a copy of a document with what the tree computes. */
export function payForCopy(document: Document, tree: ProjectionTree, meter: Meter): void {
  const fields = Object.keys(document).length
  const computed = computedRules(tree).length
  meter.work(fields * STEPS_OF_A_FIELD + computed * STEPS_OF_A_RULE + objectSteps(fields + computed))
  meter.allocate(objectSize(fields + computed))
}

function computedRules(tree: ProjectionTree): NonNullable<ProjectionTree['computed']> {
  tree.computed ??= [...tree.fields].flatMap(([name, rule]) =>
    typeof rule === 'function' || (isTree(rule) && rule.computes) ? [[name, rule] as const] : [],
  )
  return tree.computed
}

/** The document with the fields that the rules keep, before anything is computed. */
export function selectFields(document: Document, tree: ProjectionTree, selection: Selection): Record<string, Value> {
  const { others, meter } = selection
  payForCopy(document, tree, meter)
  const output: Record<string, Value> = {}
  for (const name of Object.keys(document)) {
    const rule = tree.fields.get(name)
    const value = document[name] as Value
    if (rule === undefined ? others === 'keep' : rule === 'keep') setField(output, name, value)
    else if (isTree(rule)) {
      const selected = selectInside(value, rule, selection)
      if (selected !== undefined) output[name] = selected
    }
  }
  return output
}

/** Where a value is to be computed into every element of an array, even one that is dropped keeps its place. */
function selectInside(value: Value, tree: ProjectionTree, selection: Selection): Value | undefined {
  if (isArray(value)) {
    selection.meter.allocate(arraySize(value.length))
    const output: Value[] = []
    for (const element of value) {
      const selected = selectInside(element, tree, selection)
      if (selected !== undefined) output.push(selected)
      else if (tree.computes) output.push(null)
    }
    return output
  }
  if (isObject(value)) return selectFields(value, tree, selection)
  return selection.others === 'keep' ? value : undefined
}

/** Sets what the expressions compute; they all see the document as it came in, which the scope holds. */
export function computeFields(output: Record<string, Value>, tree: ProjectionTree, scope: Scope): void {
  for (const [name, rule] of computedRules(tree)) {
    if (typeof rule === 'function') {
      const value = rule(scope)
      if (value === undefined) delete output[name]
      else output[name] = value
    } else output[name] = computeInside(Object.hasOwn(output, name) ? output[name] : undefined, rule, scope)
  }
}

function computeInside(value: Value | undefined, tree: ProjectionTree, scope: Scope): Value {
  if (isArray(value)) {
    scope.meter.allocate(arraySize(value.length))
    return value.map((element) => computeInside(element, tree, scope))
  }
  const inner: Record<string, Value> = isObject(value) ? { ...value } : {}
  payForCopy(inner, tree, scope.meter)
  computeFields(inner, tree, scope)
  return inner
}
