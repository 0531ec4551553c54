/** From a filter object to its tree; everything MongoDB refuses is refused here. */

import type { FilterNode } from '../filter-node.ts'
import { meantName } from '../../../core/nearest-name.ts'
import { kindOf } from '../../../core/plain-object.ts'
import {
  assertNoNull,
  badValue,
  failedToParse,
  cannotRead,
  notPortable,
  shownOperator,
  wrapReadErrors,
} from '../refusal.ts'
import { patternOf } from '../regex/pattern.ts'
import { isDocument } from '../value.ts'
import { arrayOperators } from './operators-array.ts'
import { bitsOperators } from './operators-bits.ts'
import { comparisonOperators } from './operators-comparison.ts'
import { elementOperators } from './operators-element.ts'
import { parseExpression } from './parse-expression.ts'
import {
  all,
  equalValue,
  enter,
  field,
  mostPlaces,
  startsWithOperator,
  type FieldScope,
  type FilterOptions,
  type FilterScope,
  type ParseOperator,
} from './scope.ts'

const maxDepth = 100

const fieldOperators: ReadonlyMap<string, ParseOperator> = new Map(
  Object.entries({ ...comparisonOperators, ...elementOperators, ...bitsOperators, ...arrayOperators }),
)

/** Operators in the place of a field. */
const topLevel = ['$and', '$or', '$nor', '$expr', '$comment', '$sampleRate', '$alwaysTrue', '$alwaysFalse']

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
    at: '',
    depth: 0,
    left: { places: mostPlaces },
    nested: options.nested === true,
    parsers: { filter: parseDocumentFilter, operators: parseOperators },
  }
  return wrapReadErrors(() => parseDocumentFilter(filter, scope), cannotRead('a filter'))
}

function parseDocumentFilter(filter: unknown, scope: FilterScope): FilterNode {
  if (scope.depth > maxDepth) throw failedToParse(`filters must be nested at most ${maxDepth} deep`, scope.at)
  if (!isDocument(filter)) throw badValue(`a filter must be a plain object, not ${kindOf(filter)}`, scope.at)
  const nodes: FilterNode[] = []
  for (const [key, operand] of Object.entries(filter)) {
    const inner = enter(scope, key)
    // A database that reads UTF-8 would ask for another field.
    if (!key.isWellFormed()) throw badValue('a path must be well-formed Unicode', scope.at)
    assertNoNull(key, scope.at)
    // MongoDB's library takes a filter with it for an instance of its classes.
    if (key === '_bsontype') throw badValue('a path must not be _bsontype', scope.at)
    if (key.startsWith('$')) nodes.push(...parseTopLevel(key, operand, inner))
    else nodes.push(parseField(operand, { ...inner, path: key, parts: key.split('.') }))
  }
  return all(nodes)
}

function parseTopLevel(operator: string, operand: unknown, scope: FilterScope): FilterNode[] {
  switch (operator) {
    case '$and':
      return [all(parseList(operand, scope))]
    case '$or':
      return [{ kind: 'or', nodes: parseList(operand, scope) }]
    case '$nor':
      return [{ kind: 'nor', nodes: parseList(operand, scope) }]
    case '$expr':
      return [parseExpression(operand, scope)]
    case '$sampleRate':
      return [parseSampleRate(operand, scope)]
    case '$comment':
      return []
    case '$alwaysTrue':
    case '$alwaysFalse':
      if (operand !== 1) throw failedToParse(`${operator} must be the number 1`, scope.at)
      return [{ kind: 'constant', value: operator === '$alwaysTrue' }]
    default:
      throw unknownOperator(operator, scope)
  }
}

function parseSampleRate(rate: unknown, scope: FilterScope): FilterNode {
  const { random } = scope
  if (scope.nested || typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
    throw badValue('$sampleRate must be a number from 0 to 1, at the top level', scope.at)
  }
  if (rate === 0 || rate === 1) return { kind: 'constant', value: rate === 1 }
  if (random === undefined) throw notPortable('$sampleRate')
  return { kind: 'expression', source: { $sampleRate: rate }, holds: () => random() < rate }
}

function parseList(operand: unknown, scope: FilterScope): FilterNode[] {
  if (!Array.isArray(operand) || operand.length === 0)
    throw badValue('the operand must be a non-empty array of filters', scope.at)
  return Array.from(operand, (element, index) => parseDocumentFilter(element, enter(scope, index))) // holes count, too
}

function parseField(operand: unknown, scope: FieldScope): FilterNode {
  if (operand instanceof RegExp) {
    return field(scope, { kind: 'regex', pattern: patternOf(operand, undefined, scope) })
  }
  if (startsWithOperator(operand)) return parseOperators(operand, scope)
  return field(scope, { kind: 'compare', operator: 'eq', value: equalValue(operand, scope) })
}

function parseOperators(operators: object, scope: FieldScope): FilterNode {
  if (scope.depth > maxDepth) throw failedToParse(`filters must be nested at most ${maxDepth} deep`, scope.at)
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

function unknownOperator(name: string, scope: FilterScope): Error {
  if (!scope.nested && refused.has(name)) return notPortable(name)
  if (!name.startsWith('$')) {
    return badValue(
      'an object of operators must not have plain fields',
      scope.at,
      'Write all keys as operators, or none.',
    )
  }
  return badValue(
    `${shownOperator(name)} cannot be used here: it is not an operator of filters`,
    scope.at,
    meantName(name, scope.at.includes('.') ? [...fieldOperators.keys()] : [...fieldOperators.keys(), ...topLevel]),
  )
}
