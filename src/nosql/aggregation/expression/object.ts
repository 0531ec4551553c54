import { setField } from '../../../core/plain-object.ts'
import { objectSize, objectSteps } from '../../query/approximate-size.ts'
import type { Meter } from '../../query/meter.ts'
import { getField, isDocument } from '../../query/value.ts'
import { fail } from './failure.ts'
import { isArray, isNullish, isObject, typeName, type Draft } from './kinds.ts'
import { charged, fold, objectArgument, variadic, type Operator, type Operators, type Parse } from './parse.ts'
import { constantValue, type Evaluate, type Result } from './scope.ts'

const merge = variadic(0, Infinity, (values, name, meter) => {
  const merged: Draft = {}
  const [only] = values
  for (const value of values.length === 1 && isArray(only) ? only : values) {
    if (isNullish(value)) continue
    if (!isObject(value)) return fail(40400, `the arguments of ${name} must be objects, not ${typeName(value)}`)
    payForFields(Object.keys(value).length, meter)
    for (const [key, part] of Object.entries(value)) setField(merged, key, part)
  }
  return merged
})

/** An object of many fields has its own hash table, which a copy fills again. */
function payForFields(count: number, meter: Meter): void {
  meter.work(objectSteps(count))
  meter.allocate(objectSize(count))
}

const get: Operator = (argument, parse, name) => {
  const given =
    isDocument(argument) && !Object.keys(argument)[0]?.startsWith('$')
      ? objectArgument(argument, name, { required: ['field', 'input'], optional: [] })
      : { field: argument, input: '$$CURRENT' }
  const field = parse.compile(given['field'])
  const input = parse.compile(given['input'])
  if (field.constant) fieldName(constantValue(field), name, 3041704)
  return (scope) => {
    const key = fieldName(field(scope), name, 3041704)
    const document = input(scope)
    if (isNullish(document)) return document
    return isObject(document) ? getField(document, key) : undefined
  }
}

function fieldName(field: Result, name: string, code: number): string {
  return typeof field === 'string' ? field : fail(code, `field of ${name} must be a string, not ${typeName(field)}`)
}

/** The name of the field to set: known when the expression is compiled. */
function constantFieldName(given: unknown, parse: Parse, name: string): string {
  if (typeof given === 'string' && given.startsWith('$')) {
    fail(4161108, `field of ${name} must be a constant`)
  }
  const literal = isDocument(given) && ['$literal', '$const'].includes(Object.keys(given)[0] ?? '')
  const field = parse.compile(given)
  if (!field.constant || (isDocument(given) && !literal)) return fail(4161106, `field of ${name} must be a constant`)
  const key = fieldName(constantValue(field), name, 4161107)
  if (key === '__proto__') fail('BadValue', "a field name must not be '__proto__'")
  return key.includes('\0') ? fail(9534700, `the field of ${name} must not contain a null byte`) : key
}

function write(input: Evaluate, name: string, apply: (draft: Draft, scope: Parameters<Evaluate>[0]) => void): Evaluate {
  return (scope) => {
    const document = charged(input(scope), scope)
    if (isNullish(document)) return null
    if (!isObject(document)) return fail(4161105, `input of ${name} must be an object, not ${typeName(document)}`)
    payForFields(Object.keys(document).length + 1, scope.meter)
    const draft: Draft = { ...document }
    apply(draft, scope)
    return draft
  }
}

const set: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['field', 'input', 'value'], optional: [] })
  const key = constantFieldName(given['field'], parse, name)
  const [input, value] = [parse.compile(given['input']), parse.compile(given['value'])]
  const assign = write(input, name, (draft, scope) => {
    const next = value(scope)
    if (next === undefined) delete draft[key]
    else draft[key] = next
  })
  return fold(assign, [input, value], parse)
}

const unset: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['field', 'input'], optional: [] })
  const key = constantFieldName(given['field'], parse, name)
  const input = parse.compile(given['input'])
  return fold(
    write(input, name, (draft) => {
      delete draft[key]
    }),
    [input],
    parse,
  )
}

export const OBJECT: Operators = { $getField: get, $mergeObjects: merge, $setField: set, $unsetField: unset }
