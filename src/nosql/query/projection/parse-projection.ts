/** From the projection of a `find` to its tree; everything MongoDB refuses is refused here. */

import type { CompiledExpression, ExpressionEngine, Variables } from '../expression-engine.ts'
import { startsWithOperator } from '../filter/scope.ts'
import { requireEngine } from '../filter/parse-expression.ts'
import type { FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { kindOf, wrapReadErrors } from '../../../core/plain-object.ts'
import { assertNoNull, inside, cannotRead } from '../refusal.ts'
import { copyValue, isDocument, type Value } from '../value.ts'
import { parseElemMatch } from './elem-match.ts'
import { parsePositional } from './positional.ts'
import type { FieldRule, Projection } from './projection.ts'
import { ProjectionRules, refuse } from './rules.ts'
import { parseSlice } from './slice.ts'

export interface ProjectionOptions {
  /** The filter of the same `find`, which the positional `$` needs. */
  readonly filter?: FilterNode | undefined
  /** The aggregation engine, which computed fields need. */
  readonly engine?: ExpressionEngine | undefined
  /** Values for `$$name` in computed fields. @default {} */
  readonly variables?: Variables | undefined
  /** Pays for reading the projection, and for computed fields. @default not counted */
  readonly meter?: Meter | undefined
  /** Whether values of MongoDB's own classes may be compared with. @default false */
  readonly vendorValues?: boolean | undefined
}

/** The work of reading one field. */
const STEPS_OF_A_FIELD = 60

const maxParts = 200

/**
 * Parses the projection of a `find`: inclusion, exclusion, nested fields, `$slice`, `$elemMatch`, the positional `$`, and
 * computed fields.
 *
 * @throws NoSQLFilterError for whatever MongoDB refuses, UnsupportedOperationError for computed fields without an engine
 * @see https://www.mongodb.com/docs/manual/tutorial/project-fields-from-query-results/
 */
export function parseProjection(projection: unknown, options: ProjectionOptions = {}): Projection {
  return wrapReadErrors(
    () => {
      if (!isDocument(projection)) {
        throw refuse('TypeMismatch', `a projection must be a plain object, not ${kindOf(projection)}`, '')
      }
      const rules = new ProjectionRules()
      readFields(projection, [], { rules, options })
      return rules.finish()
    },
    (cause) => cannotRead(cause, 'a projection'),
  )
}

interface Reading {
  readonly rules: ProjectionRules
  readonly options: ProjectionOptions
}

function readFields(fields: object, outer: readonly string[], reading: Reading): void {
  for (const [name, rule] of Object.entries(fields)) {
    reading.options.meter?.work(STEPS_OF_A_FIELD)
    const parts = [...outer, ...name.split('.')]
    const at = parts.join('.')
    if (parts.length > maxParts) throw refuse('Overflow', `a path must have at most ${maxParts} parts`, at)
    if (parts.at(-1) === '$' && parts.length > 1) readPositional(parts.slice(0, -1), rule, reading)
    else readField(parts, rule, reading)
  }
}

function readPositional(parts: readonly string[], rule: unknown, { rules, options }: Reading): void {
  const at = inside(parts.join('.'), '$')
  assertParts(parts, at)
  if (!isFlag(rule)) throw refuse('BadValue', 'the positional $ must be included', at)
  if (!rule) throw refuse('BadValue', 'the positional $ cannot be excluded', at)
  rules.addPositional(parts, parsePositional(parts, options))
}

function readField(parts: readonly string[], rule: unknown, reading: Reading): void {
  const { rules, options } = reading
  const at = parts.join('.')
  assertParts(parts, at)
  if (isFlag(rule)) return rules.addFlag(parts, Boolean(rule))
  if (!startsWithOperator(rule) || !isDocument(rule)) {
    if (!isDocument(rule)) return rules.addComputed(parts, computed(rule, at, options))
    if (Object.keys(rule).length === 0) throw refuse('BadValue', 'a nested projection must not be empty', at)
    return readFields(rule, parts, reading)
  }
  const [operator] = Object.keys(rule)
  if (Object.keys(rule).length > 1) throw refuse('BadValue', 'a projected field must have exactly one operator', at)
  if (operator === '$elemMatch') return rules.addElemMatch(parts, parseElemMatch(rule[operator], { ...options, parts }))
  const slice = operator === '$slice' ? parseSlice(rule[operator], at) : undefined
  if (slice !== undefined) return rules.addSlice(parts, slice)
  rules.addComputed(parts, computed(rule, at, options))
}

/** Booleans and numbers say whether a field is included. */
function isFlag(rule: unknown): rule is boolean | number | bigint {
  return typeof rule === 'boolean' || typeof rule === 'number' || typeof rule === 'bigint'
}

function assertParts(parts: readonly string[], at: string): void {
  for (const part of parts) {
    if (part === '') throw refuse('BadValue', 'a path must not have an empty part', at)
    assertNoNull(part, at)
    if (part.startsWith('$')) throw refuse('BadValue', 'a path part must not start with a dollar', at)
    if (part === '__proto__') throw refuse('BadValue', 'a field name must be allowed', at)
  }
}

function computed(expression: unknown, at: string, options: ProjectionOptions): FieldRule {
  return { kind: 'compute', compute: compileComputed(expression, at, options) }
}

function compileComputed(expression: unknown, at: string, options: ProjectionOptions): CompiledExpression {
  if (isPlainLiteral(expression)) return () => copyValue(expression)
  const { engine, variables, meter } = options
  const names = variables === undefined ? {} : { variables: Object.keys(variables) }
  const evaluate = requireEngine(engine, 'a computed projection').expression(expression, {
    ...names,
    path: at,
    meter,
  })
  return variables === undefined ? evaluate : (document, given) => evaluate(document, given ?? variables)
}

/** Literals that need no engine. */
function isPlainLiteral(expression: unknown): expression is Value {
  if (typeof expression === 'string') return !expression.startsWith('$')
  return expression === null || expression instanceof Date || expression instanceof Uint8Array
}
