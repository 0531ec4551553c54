import { isDocument } from '../../../query/value.ts'
import { isFormat } from './bytes.ts'
import { CONVERSIONS, type Manner } from './conversion.ts'
import { fail } from '../failure.ts'
import { isNullish, isNumeric, typeName } from '../kinds.ts'
import { NoSQLFilterError } from '../../../errors.ts'
import { fold, objectArgument, unary, type Operator, type Operators } from '../parse.ts'
import { constant, type Result, type Scope } from '../scope.ts'

/** BSON's types by number, which `to` accepts instead of a name. */
const TYPES = (
  'missing double string object array binData undefined objectId bool date null regex dbPointer javascript symbol ' +
  'javascriptWithScope int timestamp long decimal'
).split(' ')
const ENDS: Readonly<Record<number, string>> = { [-1]: 'minKey', 127: 'maxKey' }

function targetOf(to: Result): string {
  if (isDocument(to)) {
    const { subtype = 0 } = to
    const named = targetOf(to['type'] ?? fail('FailedToParse', "'to' of $convert must have a 'type'"))
    if (named === 'binData') checkSubtype(subtype)
    return named
  }
  if (isNumeric(to))
    return TYPES[Number(to)] ?? ENDS[Number(to)] ?? fail('FailedToParse', "'to' of $convert must be a known type")
  if (typeof to !== 'string') return fail('FailedToParse', `'to' of $convert must be a type, not ${typeName(to)}`)
  return TYPES.includes(to) || Object.values(ENDS).includes(to)
    ? to
    : fail('BadValue', "'to' of $convert must be a known type")
}

function checkSubtype(subtype: Result): void {
  if (!isNumeric(subtype)) return fail(4341108, 'subtype of $convert must be a number')
  const given = Number(subtype)
  if (!Number.isInteger(given) || given < 0 || given > 255 || (given > 9 && given < 128)) {
    fail(4341107, 'subtype of $convert must be a known subtype')
  }
}

const convert: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, {
    required: ['input', 'to'],
    optional: ['onError', 'onNull', 'format', 'byteOrder'],
  })
  const part = (field: string) => (Object.hasOwn(given, field) ? parse.compile(given[field]) : constant(null))
  const [input, to, onError, onNull] = [part('input'), part('to'), part('onError'), part('onNull')]
  const [format, byteOrder] = [part('format'), part('byteOrder')]
  const forgiving = Object.hasOwn(given, 'onError')
  const evaluate = (scope: Scope): Result => {
    const value = input(scope)
    const target = to(scope)
    if (isNullish(value)) return onNull(scope)
    if (isNullish(target)) return null
    const wanted = targetOf(target)
    const manner = { format: formatOf(format(scope)), bigEndian: isBigEndian(byteOrder(scope)) }
    if (!forgiving) return converted(value, wanted, manner)
    try {
      return converted(value, wanted, manner)
    } catch (error) {
      if (error instanceof NoSQLFilterError && error.reason === 'ConversionFailure') return onError(scope)
      throw error
    }
  }
  return fold(evaluate, [input, to, onError, onNull, format, byteOrder], parse)
}

function formatOf(format: Result): string | undefined {
  if (isNullish(format)) return undefined
  if (typeof format !== 'string') return fail(4341114, `format of $convert must be a string, not ${typeName(format)}`)
  return isFormat(format) ? format : fail(4341125, 'format of $convert must be a known format')
}

function isBigEndian(order: Result): boolean {
  if (isNullish(order)) return false
  if (typeof order !== 'string') return fail(9130001, `byteOrder of $convert must be a string, not ${typeName(order)}`)
  return (
    order === 'big' || (order === 'little' ? false : fail(9130002, "byteOrder of $convert must be 'little' or 'big'"))
  )
}

function converted(value: Result, target: string, manner: Manner): Result {
  const apply = CONVERSIONS[target]
  if (apply !== undefined) return apply(value, manner)
  return fail('ConversionFailure', `a value of type ${typeName(value)} cannot be converted to ${target}`)
}

const to = (target: string): Operator => unary((value) => (isNullish(value) ? null : converted(value, target, {})))

export const CONVERT: Operators = {
  $convert: convert,
  $isNumber: unary(isNumeric),
  $toBool: to('bool'),
  $toDate: to('date'),
  $toDecimal: to('decimal'),
  $toDouble: to('double'),
  $toInt: to('int'),
  $toLong: to('long'),
  $toObjectId: to('objectId'),
  $toString: to('string'),
  $toUUID: unary((value) => (isNullish(value) ? null : converted(value, 'binData', { format: 'uuid' }))),
  $type: unary((value) => typeName(value)),
}
