/** From a parsed projection to a function over documents. */

import type { Variables } from '../expression-engine.ts'
import { isObject } from '../path.ts'
import { type Document, getField, isArray, setField, type Value } from '../value.ts'
import type { FieldRule, Projection } from './projection.ts'

export type Project = (document: Document, variables?: Variables) => Document

type Rules = ReadonlyMap<string, FieldRule>

interface Scope {
  readonly keepOthers: boolean
  readonly root: Document
  readonly variables: Variables | undefined
}

/**
 * Compiles a projection. The function never changes its document; parts that stay as they are, are shared with it.
 * Fields keep the document's order, `_id` first; computed ones follow in the projection's.
 *
 * The function throws NoSQLFilterError where the positional `$` finds no matched element.
 */
export function compileProjection({ mode, rules, positional }: Projection): Project {
  const keepOthers = mode === 'exclude'
  if (keepOthers && rules.size === 0) return (document) => document
  return (document, variables) => {
    const narrowed = positional === undefined ? document : positional(document)
    return projectObject(narrowed, rules, { keepOthers, root: document, variables })
  }
}

function projectObject(source: Document, rules: Rules, scope: Scope): Document {
  const target: Record<string, Value> = {}
  for (const name of Object.keys(source)) {
    const value = source[name] as Value
    const rule = rules.get(name)
    const result = rule === undefined ? (scope.keepOthers ? value : undefined) : projectValue(value, rule, scope)
    if (result !== undefined) setField(target, name, result)
  }
  for (const [name, rule] of rules) addComputed(target, { name, rule, source }, scope)
  return target
}

/** What stands in the place of a value; undefined where nothing does, or what does comes at the end. */
function projectValue(value: Value, rule: FieldRule, scope: Scope): Value | undefined {
  switch (rule.kind) {
    case 'keep':
      return value
    case 'change':
      return rule.change(value)
    case 'fields':
      return projectInside(value, rule.rules, scope)
    case 'pick':
      return scope.keepOthers ? rule.pick(value) : undefined
    case 'drop':
    case 'compute':
    default:
      return undefined
  }
}

/** Arrays are entered at any depth. What is no object has none of the fields: it goes, unless others are kept. */
function projectInside(value: Value, rules: Rules, scope: Scope): Value | undefined {
  if (isArray(value)) {
    return value.flatMap((element) => {
      const result = projectInside(element, rules, scope)
      return result === undefined ? [] : [result]
    })
  }
  if (isObject(value)) return projectObject(value, rules, scope)
  if (computes(rules)) return projectObject({}, rules, scope)
  return scope.keepOthers ? value : undefined
}

interface Place {
  readonly name: string
  readonly rule: FieldRule
  readonly source: Document
}

function addComputed(target: Record<string, Value>, { name, rule, source }: Place, scope: Scope): void {
  const result = computedValue(name, rule, source, scope)
  if (result !== undefined) setField(target, name, result)
}

function computedValue(name: string, rule: FieldRule, source: Document, scope: Scope): Value | undefined {
  if (rule.kind === 'compute') return rule.compute(scope.root, scope.variables)
  if (rule.kind === 'pick') return scope.keepOthers ? undefined : rule.pick(getField(source, name))
  const missing = rule.kind === 'fields' && getField(source, name) === undefined && computes(rule.rules)
  return missing ? projectObject({}, rule.rules, scope) : undefined
}

function computes(rules: Rules): boolean {
  for (const rule of rules.values()) {
    if (rule.kind === 'compute' || (rule.kind === 'fields' && computes(rule.rules))) return true
  }
  return false
}
