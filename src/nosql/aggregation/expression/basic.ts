import { filterLiteral } from '../../query/literal.ts'
import type { Meter } from '../../query/meter.ts'
import { isDocument, isObjectId } from '../../query/value.ts'
import { fail, unsupported } from './failure.ts'
import { isArray, isNullish, isObject, typeName } from './kinds.ts'
import { meta } from './metadata.ts'
import { unary, type Operator, type Operators } from './parse.ts'
import { constant, type Result, type Scope } from './scope.ts'
import { byteLength } from './string/text.ts'

const literal: Operator = (argument) => constant(filterLiteral(argument, ''))

const rand: Operator = (argument, _parse, name) => {
  const empty = isDocument(argument) ? Object.keys(argument).length === 0 : isArray(argument) && argument.length === 0
  if (!empty) fail(3040501, `${name} must have no arguments`)
  return (scope: Scope) => scope.random()
}

const code: Operator = (_argument, _parse, name) =>
  unsupported(`${name} cannot be used: it runs code from data`, 'Use the other operators, or compute in the program.')

const serverOnly: Operator = (_argument, _parse, name) =>
  unsupported(
    `${name} cannot run here: it needs a MongoDB server`,
    'Run the pipeline on MongoDB, or compute in the program.',
  )

/** Documents here hold no timestamps, so that any value but null is a wrong one. */
const timestamp = unary((value, name) =>
  isNullish(value) ? null : fail(5687301, `the argument of ${name} must be a timestamp, not ${typeName(value)}`),
)

/** The size of a document as BSON, where a whole number of 32 bits is stored as such. */
function bsonSize(value: Result, meter: Meter): number {
  if (isArray(value)) {
    meter.work(value.length * STEPS_OF_A_PART)
    return value.reduce<number>((sum, part, index) => sum + element(String(index), part, meter), 5)
  }
  if (isObject(value)) {
    const names = Object.keys(value)
    meter.work(names.length * STEPS_OF_A_PART)
    return names.reduce((sum, name) => sum + element(name, value[name], meter), 5)
  }
  if (typeof value === 'string') return byteLength(value) + 5
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number') return typeName(value) === 'int' ? 4 : 8
  if (value instanceof Uint8Array) return value.length + 5
  if (isObjectId(value)) return 12
  return isNullish(value) ? 0 : 8
}

const STEPS_OF_A_PART = 8

function element(key: string, value: Result, meter: Meter): number {
  return 2 + byteLength(key) + bsonSize(value, meter)
}

export const BASIC: Operators = {
  $accumulator: code,
  $binarySize: unary((value, name) => {
    if (isNullish(value)) return null
    if (typeof value === 'string') return byteLength(value)
    return value instanceof Uint8Array
      ? value.length
      : fail(51276, `the argument of ${name} must be a string or bytes, not ${typeName(value)}`)
  }),
  $bsonSize: unary((value, name, meter) => {
    if (isNullish(value)) return null
    return isObject(value)
      ? bsonSize(value, meter)
      : fail(31393, `the argument of ${name} must be an object, not ${typeName(value)}`)
  }),
  $const: literal,
  $function: code,
  $literal: literal,
  $meta: meta,
  $rand: rand,
  $toHashedIndexKey: serverOnly,
  $tsIncrement: timestamp,
  $tsSecond: timestamp,
}
