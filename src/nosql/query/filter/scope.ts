/** What the parsers of single operators know about their surroundings. */

import type { ExpressionEngine, Variables } from '../expression-engine.ts'
import type { FieldTest, FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import type { PathParts } from '../path.ts'
import { filterLiteral } from '../literal.ts'
import { badValue, inside } from '../refusal.ts'
import type { PatternPlace } from '../regex/pattern.ts'
import { isPlainScalar, type Value } from '../value.ts'
import { isVendorValue } from '../vendor-value.ts'

export interface FilterOptions {
  /** The aggregation engine, which `$expr` needs. */
  readonly engine?: ExpressionEngine | undefined
  /** Values for `$$name` in `$expr`. @default {} */
  readonly variables?: Variables | undefined
  /** A random number in [0, 1), which `$sampleRate` between 0 and 1 needs. */
  readonly random?: (() => number) | undefined
  /** Pays for reading the filter, and for `$expr`. @default not counted */
  readonly meter?: Meter | undefined
  /** Whether values of MongoDB's own classes may be compared with. @default false */
  readonly vendorValues?: boolean | undefined
  /** Refuses what is of whole documents, such as `$expr`: for conditions on array elements. @default false */
  readonly nested?: boolean | undefined
  /** Refuses `$expr`, which does not say what to insert: for the filter of an upsert. @default false */
  readonly upsert?: boolean | undefined
}

/** The operators and fields that lead to something in a filter, for errors. */
export interface Place {
  readonly within: Place | undefined
  readonly part: string | number
}

/** One place in a filter. */
export interface FilterScope extends FilterOptions, Place {
  readonly depth: number
  /** How many more places the whole filter may have. */
  readonly left: { places: number }
  /** True inside `$elemMatch`, where operators on whole documents are refused. */
  readonly nested: boolean
  readonly parsers: Parsers
}

/** One field's place in a filter: no parts inside `$elemMatch` over values. */
export interface FieldScope extends FilterScope {
  readonly path: string
  readonly parts: PathParts
}

/** The two recursive parsers, handed down because their modules would otherwise import each other in circles. */
export interface Parsers {
  readonly filter: (filter: unknown, scope: FilterScope) => FilterNode
  readonly operators: (operators: object, scope: FieldScope) => FilterNode
}

export type ParseOperator = (operand: unknown, scope: FieldScope, siblings: object) => FilterNode

export function deeper<T extends FilterScope>(scope: T): T {
  return { ...scope, depth: scope.depth + 1 }
}

export const mostPlaces = 400_000

/** The work of reading one operator or field. */
const STEPS_OF_A_PLACE = 20

/** @throws NoSQLFilterError when the filter has had too many places already */
export function enter<T extends FilterScope>(scope: T, part: string | number): T {
  if (--scope.left.places < 0)
    throw badValue(`a filter must have at most ${mostPlaces} operators and fields`, placeOf(scope))
  scope.meter?.work(STEPS_OF_A_PLACE)
  return { ...scope, within: scope, part, depth: scope.depth + 1 }
}

export function field(scope: FieldScope, test: FieldTest): FilterNode {
  return { kind: 'field', path: scope.path, parts: scope.parts, test }
}

export function all(nodes: readonly FilterNode[]): FilterNode {
  const [only, ...others] = nodes
  return only !== undefined && others.length === 0 ? only : { kind: 'and', nodes }
}

/** A place in words. Only errors and patterns need it. */
export function placeOf({ within, part }: Place): string {
  return within === undefined ? String(part) : inside(placeOf(within), part)
}

/** What the parser of a regular expression knows about its surroundings. */
export function patternPlace(scope: Place & Pick<FilterOptions, 'meter'>): PatternPlace {
  return { at: placeOf(scope), meter: scope.meter }
}

type ValuePlace = Place & Pick<FilterOptions, 'vendorValues'>

/** What a field is compared with. */
export function comparedValue(operand: unknown, place: ValuePlace): Value {
  return isPlainScalar(operand) ? operand : filterLiteral(operand, placeOf(place), place.vendorValues)
}

/** The same where a server would look for the pattern of a BSONRegExp instead of for the value. */
export function equalValue(operand: unknown, place: ValuePlace): Value {
  const value = comparedValue(operand, place)
  if (typeof value !== 'object' || !isVendorValue(value) || value._bsontype !== 'BSONRegExp') return value
  const hint = 'Write a RegExp to find text by a pattern, or { $eq } to find the stored expression.'
  throw badValue('a BSONRegExp cannot be compared with here', placeOf(place), hint)
}

/** True for a plain object whose first key is an operator: it asks something rather than being a value. */
export function startsWithOperator(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false
  return Object.keys(value)[0]?.startsWith('$') === true
}
