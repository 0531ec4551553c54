/** From a filter object to its tree; everything MongoDB refuses is refused here. */

import type { ComparisonOperator, FilterNode } from '../filter-node.ts'
import { meantName } from '../../../core/nearest-name.ts'
import { kindOf, wrapReadErrors } from '../../../core/plain-object.ts'
import { badValue, failedToParse, cannotRead, notPortable, shownOperator } from '../refusal.ts'
import { type Pattern, patternOf } from '../regex/pattern.ts'
import { isDocument, nameProblem, type Value } from '../value.ts'
import { arrayOperators } from './operators-array.ts'
import { bitsOperators } from './operators-bits.ts'
import { elementOperators } from './operators-element.ts'
import { logicalOperators } from './operators-logical.ts'
import {
  all,
  comparedValue,
  enter,
  equalValue,
  field,
  type FieldScope,
  type FilterOptions,
  type FilterScope,
  mostPlaces,
  type ParseOperator,
  patternPlace,
  placeOf,
  startsWithOperator,
} from './scope.ts'

const maxDepth = 100

/** What no document satisfies. */
const never: FilterNode = { kind: 'constant', value: false }

const compare =
  (operator: ComparisonOperator, read = equalValue): ParseOperator =>
  (operand, scope) => {
    const value = read(operand, scope)
    // Null is neither before nor after null.
    if (value === null && (operator === 'gt' || operator === 'lt')) return never
    return field(scope, { kind: 'compare', operator, value })
  }

const equals = compare('eq')

/** The first eight stand here, for a value in the place of operators is a comparison, too. */
const fieldOperators: ReadonlyMap<string, ParseOperator> = new Map(
  Object.entries<ParseOperator>({
    $eq: compare('eq', comparedValue),
    $ne: (operand, scope, siblings) => ({ kind: 'not', node: equals(operand, scope, siblings) }),
    $gt: compare('gt'),
    $gte: compare('gte'),
    $lt: compare('lt'),
    $lte: compare('lte'),
    $in: parseIn,
    $nin: (operand, scope) => ({ kind: 'not', node: parseIn(operand, scope) }),
    ...elementOperators,
    ...bitsOperators,
    ...arrayOperators,
  }),
)

/** Operators that MongoDB has and that this store never runs. */
const refused: ReadonlySet<string> = new Set([
  '$where',
  '$text',
  '$search',
  '$jsonSchema',
  '$geoWithin',
  '$geoIntersects',
  '$near',
  '$nearSphere',
  '$within',
])

/**
 * Parses a filter. Call it before any backend is touched.
 *
 * Several conditions are an `and` in the order written. Values are copied.
 *
 * @param filter a MongoDB filter; RegExp values are allowed where MongoDB allows them
 * @throws NoSQLFilterError for whatever MongoDB refuses, UnsupportedOperationError for operators outside the portable set
 * @see https://www.mongodb.com/docs/manual/reference/operator/query/
 */
export function parseFilter(filter: unknown, options: FilterOptions = {}): FilterNode {
  const scope: FilterScope = {
    ...options,
    within: undefined,
    part: '',
    depth: 0,
    left: { places: mostPlaces },
    nested: options.nested === true,
    parsers: { filter: parseDocumentFilter, operators: parseOperators },
  }
  return wrapReadErrors(
    () => parseDocumentFilter(filter, scope),
    (cause) => cannotRead(cause, 'a filter'),
  )
}

function parseDocumentFilter(filter: unknown, scope: FilterScope): FilterNode {
  if (scope.depth > maxDepth) throw failedToParse(`filters must be nested at most ${maxDepth} deep`, placeOf(scope))
  if (!isDocument(filter)) throw badValue(`a filter must be a plain object, not ${kindOf(filter)}`, placeOf(scope))
  const nodes: FilterNode[] = []
  for (const [key, operand] of Object.entries(filter)) {
    const inner = enter(scope, key)
    const problem = nameProblem(key)
    if (problem !== undefined) throw badValue(problem.message, placeOf(scope), problem.hint)
    const node = key.startsWith('$')
      ? parseLogical(key, operand, inner)
      : parseField(operand, { ...inner, path: key, parts: key.split('.') })
    if (node !== undefined) nodes.push(node)
  }
  return all(nodes)
}

function parseLogical(operator: string, operand: unknown, scope: FilterScope): FilterNode | undefined {
  const parse = logicalOperators.get(operator)
  if (parse === undefined) throw unknownOperator(operator, scope)
  return parse(operand, scope)
}

function parseField(operand: unknown, scope: FieldScope): FilterNode {
  if (operand instanceof RegExp) {
    return field(scope, { kind: 'regex', pattern: patternOf(operand, undefined, patternPlace(scope)) })
  }
  if (startsWithOperator(operand)) return parseOperators(operand, scope)
  return equals(operand, scope, {})
}

function parseOperators(operators: object, scope: FieldScope): FilterNode {
  if (scope.depth > maxDepth) throw failedToParse(`filters must be nested at most ${maxDepth} deep`, placeOf(scope))
  const nodes: FilterNode[] = []
  for (const [name, operand] of Object.entries(operators)) {
    const inner = enter(scope, name)
    const parse = fieldOperators.get(name)
    if (parse === undefined) throw unknownOperator(name, inner)
    if (name !== '$options') nodes.push(parse(operand, inner, operators))
    else parse(operand, inner, operators)
  }
  return all(nodes)
}

function parseIn(operand: unknown, scope: FieldScope): FilterNode {
  if (!Array.isArray(operand)) throw badValue('$in and $nin must be an array', placeOf(scope))
  const { meter, vendorValues } = scope
  const values: Value[] = []
  const patterns: Pattern[] = []
  for (const [part, element] of operand.entries()) {
    const place = { within: scope, part, meter, vendorValues }
    if (element instanceof RegExp) patterns.push(patternOf(element, undefined, patternPlace(place)))
    else if (!startsWithOperator(element)) values.push(equalValue(element, place))
    else throw badValue('operators cannot be used in the array of $in or $nin', placeOf(place))
  }
  return operand.length === 0 ? never : field(scope, { kind: 'in', values, patterns })
}

function unknownOperator(name: string, scope: FilterScope): Error {
  if (!scope.nested && refused.has(name)) return notPortable(name)
  const at = placeOf(scope)
  if (!name.startsWith('$')) {
    return badValue('an object of operators must not have plain fields', at, 'Write all keys as operators, or none.')
  }
  const names = [...fieldOperators.keys(), ...(at.includes('.') ? [] : logicalOperators.keys())]
  const message = `${shownOperator(name)} cannot be used here: it is not an operator of filters`
  return badValue(message, at, meantName(name, names))
}
