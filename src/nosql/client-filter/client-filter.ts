import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { isReadablePlainObject, kindOf } from '../../core/plain-object.ts'
import { meantName } from '../../core/nearest-name.ts'
import {
  checkDepth,
  checkLength,
  count,
  guardData,
  inside,
  refuse,
  type FilterLimits,
  type Guard,
  type Place,
} from './client-values.ts'
import { shownOperator } from '../query/refusal.ts'
import type { Filter } from '../collection/types/filter.ts'
import type { NoSQLFilterError } from '../errors.ts'

const logical = ['$and', '$or', '$nor'] as const
const comparison = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists'] as const
const structural = ['$not', '$all', '$elemMatch', '$size', '$type', '$mod', '$regex'] as const

/** The operators that a client may be allowed. Whatever runs code, writes, or escapes the collection is not among them. */
export type ClientOperator = (typeof logical)[number] | (typeof comparison)[number] | (typeof structural)[number]

/** What most search forms need: comparisons, and `$and`, `$or`, `$nor` around them. */
export const searchOperators: readonly ClientOperator[] = [...logical, ...comparison]

const known: ReadonlySet<string> = new Set<string>([...logical, ...comparison, ...structural])

/** Which fields and operators clients may filter by. */
export interface FilterGuardOptions extends FilterLimits {
  /** Operators that are understood; any other is data. @default none: every value is data */
  readonly operators?: readonly ClientOperator[]
  /** Fields that may be asked for; a field admits what is below it. @default any field */
  readonly fields?: readonly string[]
}

const optionChecks = {
  operators: must.beArray,
  fields: must.beArray,
  maxDepth: must.beNumberFrom(0),
  maxConditions: must.beNumberFrom(0),
  maxListLength: must.beNumberFrom(0),
} satisfies Readonly<Record<keyof FilterGuardOptions, OptionCheck>>

/**
 * Turns a filter from outside (a query string, a JSON body) into one that is safe to run. Operators on the allow-list
 * work; an object that looks like any other operator is compared as the data it is, so that
 * `{ password: { $ne: '' } }` matches no document. `$where`, `$expr` and other unknown operators in the place of a field are
 * refused, as are fields that are not on the allow-list, prototype keys, patterns that are not text, and input that is too deep or too long.
 *
 * @throws NoSQLFilterError `LEX_ERR_NOSQL_007`; its `path` says where.
 * @example
 * import { fromUserInput, searchOperators } from 'lexigram-edge/nosql'
 *
 * const filter = fromUserInput(await request.json(), { operators: searchOperators, fields: ['name', 'price'] })
 * const found = await products.find(filter).toArray()
 */
export function fromUserInput(filter: unknown, options: FilterGuardOptions = {}): Filter {
  const given = assertOptions(options, optionChecks)
  const { maxDepth = 8, maxConditions = 100, maxListLength = 1000 } = given
  const operators = listOfNames('operators', given.operators) ?? []
  const fields = listOfNames('fields', given.fields)
  for (const operator of operators) if (!known.has(operator)) throw notForClients(operator)
  const guard: Guard = { operators: new Set(operators), fields, maxDepth, maxConditions, maxListLength, conditions: 0 }
  return guardFilter(filter, { guard, path: '', base: '', depth: 0 })
}

function listOfNames(option: string, list: readonly string[] | undefined): readonly string[] | undefined {
  if (list === undefined || (Array.isArray(list) && list.every((name) => typeof name === 'string'))) return list
  throw refuse(`${option} must be an array of names`, '')
}

function notForClients(operator: string): NoSQLFilterError {
  return refuse(
    `operators cannot hold ${shownOperator(operator)}: clients must not have it`,
    '',
    meantName(operator, [...known]),
  )
}

function guardFilter(filter: unknown, place: Place): Filter {
  checkDepth(place)
  if (!isReadablePlainObject(filter)) throw refuse(`a filter must be a plain object, not ${kindOf(filter)}`, place.path)
  const safe: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(filter)) {
    count(place)
    const inner = inside(place, key)
    if (!key.startsWith('$')) safe[key] = guardField(value, { ...inner, base: checkField(key, inner) })
    else if (isOneOf(logical, key) && place.guard.operators.has(key)) {
      if (!Array.isArray(value)) throw refuse(`${key} must have an array`, inner.path)
      checkLength(value, inner)
      safe[key] = value.map((branch, index) => guardFilter(branch, inside(inner, String(index))))
    } else throw refuse(unusable(key), place.path)
  }
  return safe
}

/** A condition on the field that is the base of its place. */
function guardField(value: unknown, place: Place): unknown {
  const { guard } = place
  if (!isReadablePlainObject(value)) {
    const data = guardData(value, place)
    return Array.isArray(data) ? { $eq: data } : data
  }
  const operators = Object.keys(value).filter((key) => key.startsWith('$'))
  const understood =
    operators.length > 0 && operators.every((key) => guard.operators.has(key) || isOptions(key, value, guard))
  if (!understood || isOneOf(logical, operators[0])) return { $eq: guardData(value, place) }
  if (operators.length < Object.keys(value).length)
    throw refuse('an object of operators must not have fields', place.path)
  const safe: Record<string, unknown> = {}
  for (const [operator, operand] of Object.entries(value)) {
    count(place)
    safe[operator] = guardOperand(operator, operand, inside(place, operator))
  }
  return safe
}

function guardOperand(operator: string, operand: unknown, place: Place): unknown {
  switch (operator) {
    case '$not':
      checkDepth(place)
      return guardNot(operand, place)
    case '$elemMatch':
      return isElementTest(operand, place.guard) ? guardField(operand, place) : guardFilter(operand, place)
    case '$regex':
    case '$options':
      if (typeof operand !== 'string') throw refuse('a pattern and its options must be text', place.path)
      return operand
    default:
      return guardData(operand, place)
  }
}

function guardNot(operand: unknown, place: Place): unknown {
  const safe = isElementTest(operand, place.guard) ? guardField(operand, place) : undefined
  if (safe === undefined) throw refuse('$not must have an object of operators that clients may use', place.path)
  return safe
}

function isElementTest(operand: unknown, guard: Guard): boolean {
  if (!isReadablePlainObject(operand)) return false
  const first = Object.keys(operand)[0]
  return first !== undefined && guard.operators.has(first) && !isOneOf(logical, first)
}

function checkField(key: string, place: Place): string {
  const field = place.base === '' ? key : `${place.base}.${key}`
  const segments = key.split('.')
  if (segments.some((part) => part === '' || part.startsWith('$') || part === '__proto__' || part.includes('\0')))
    throw refuse('a field cannot have a reserved name', place.path)
  const allowed = place.guard.fields?.some((name) => field === name || field.startsWith(`${name}.`)) ?? true
  if (!allowed) throw refuse('a field cannot be used by clients: the allowed fields do not include it', place.path)
  return field
}

function isOptions(key: string, value: Readonly<Record<string, unknown>>, guard: Guard): boolean {
  return key === '$options' && Object.hasOwn(value, '$regex') && guard.operators.has('$regex')
}

function unusable(key: string): string {
  return `${shownOperator(key)} cannot be used by clients`
}

function isOneOf(list: readonly string[], key: string | undefined): boolean {
  return key !== undefined && list.includes(key)
}
