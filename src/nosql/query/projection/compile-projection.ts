import { setField } from '../../../core/plain-object.ts'
/** From a parsed projection to a function over documents. */

import { arraySize, objectSize, objectSteps } from '../approximate-size.ts'
import type { Variables } from '../expression-engine.ts'
import type { Meter } from '../meter.ts'
import { isObject } from '../path.ts'
import { type Document, getField, isArray, type Value } from '../value.ts'
import type { FieldRule, Projection } from './projection.ts'

export type Project = (document: Document, variables?: Variables) => Document

/** The rules of one level, and those of them that look at more than the fields that are there. */
interface Level {
  readonly rules: ReadonlyMap<string, LevelRule>
  readonly added: readonly (readonly [name: string, rule: LevelRule])[]
  /** Something below is computed. */
  readonly computes: boolean
}

type LevelRule = Exclude<FieldRule, { readonly kind: 'fields' }> | { readonly kind: 'fields'; readonly level: Level }

interface Scope {
  readonly keepOthers: boolean
  readonly root: Document
  readonly variables: Variables | undefined
  readonly meter: Meter | undefined
}

/** The work of looking at one field. */
const STEPS_OF_A_FIELD = 3

/**
 * Compiles a projection. The function never changes its document; parts that stay as they are, are shared with it.
 * Fields keep the document's order, `_id` first; computed ones follow in the projection's.
 *
 * The function throws NoSQLFilterError where the positional `$` finds no matched element.
 */
export function compileProjection({ mode, rules, positional }: Projection, meter?: Meter): Project {
  const keepOthers = mode === 'exclude'
  if (keepOthers && rules.size === 0) return (document) => document
  const level = levelOf(rules)
  return (document, variables) => {
    const narrowed = positional === undefined ? document : positional(document)
    return projectObject(narrowed, level, { keepOthers, root: document, variables, meter })
  }
}

function levelOf(given: ReadonlyMap<string, FieldRule>): Level {
  const rules = new Map<string, LevelRule>()
  const added: (readonly [string, LevelRule])[] = []
  let computes = false
  for (const [name, rule] of given) {
    const compiled: LevelRule = rule.kind === 'fields' ? { kind: 'fields', level: levelOf(rule.rules) } : rule
    const computed = compiled.kind === 'compute' || (compiled.kind === 'fields' && compiled.level.computes)
    computes ||= computed
    if (computed || compiled.kind === 'pick') added.push([name, compiled])
    rules.set(name, compiled)
  }
  return { rules, added, computes }
}

function projectObject(source: Document, level: Level, scope: Scope): Document {
  const names = Object.keys(source)
  const kept = scope.keepOthers ? names.length : Math.min(names.length, level.rules.size)
  scope.meter?.work(names.length * STEPS_OF_A_FIELD + objectSteps(kept + level.added.length))
  scope.meter?.allocate(objectSize(kept + level.added.length))
  const target: Record<string, Value> = {}
  for (const name of names) {
    const value = source[name] as Value // `name` is one of its keys
    const rule = level.rules.get(name)
    const result = rule === undefined ? (scope.keepOthers ? value : undefined) : projectValue(value, rule, scope)
    if (result !== undefined) setField(target, name, result)
  }
  for (const [name, rule] of level.added) {
    const result = addedValue(getField(source, name), rule, scope)
    if (result !== undefined) setField(target, name, result)
  }
  return target
}

/** What replaces a value; undefined where nothing does, or where the replacement comes at the end. */
function projectValue(value: Value, rule: LevelRule, scope: Scope): Value | undefined {
  switch (rule.kind) {
    case 'keep':
      return value
    case 'change':
      return rule.change(value)
    case 'fields':
      return projectInside(value, rule.level, scope)
    case 'pick':
      return scope.keepOthers ? rule.pick(value) : undefined
    case 'drop':
    case 'compute':
    default:
      return undefined
  }
}

/** Arrays are entered at any depth. An element that is not an object has none of the fields: an exclusion keeps it, an inclusion drops it. */
function projectInside(value: Value, level: Level, scope: Scope): Value | undefined {
  if (isArray(value)) {
    scope.meter?.allocate(arraySize(value.length))
    return value.flatMap((element) => {
      const result = projectInside(element, level, scope)
      return result === undefined ? [] : [result]
    })
  }
  if (isObject(value)) return projectObject(value, level, scope)
  if (level.computes) return projectObject({}, level, scope)
  return scope.keepOthers ? value : undefined
}

/** What a rule puts at the end of the document that has, or has not, this value in its field. */
function addedValue(value: Value | undefined, rule: LevelRule, scope: Scope): Value | undefined {
  if (rule.kind === 'compute') return rule.compute(scope.root, scope.variables)
  if (rule.kind === 'pick') return scope.keepOthers ? undefined : rule.pick(value)
  return rule.kind === 'fields' && value === undefined ? projectObject({}, rule.level, scope) : undefined
}
