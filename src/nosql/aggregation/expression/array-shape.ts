import { arraySize, objectSize } from '../../query/approximate-size.ts'
import { isDocument, setField, type Value } from '../../query/value.ts'
import { anArray } from './arguments.ts'
import { fail } from './failure.ts'
import { isArray, isNullish, isObject, typeName, type Draft } from './kinds.ts'
import { objectArgument, unary, type Operator, type Operators } from './parse.ts'
import { evaluateAll, operands } from './parse.ts'
import type { Result } from './scope.ts'

const zip: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['inputs'], optional: ['defaults', 'useLongestLength'] })
  if (!Array.isArray(given['inputs'])) return fail(34461, `${name} takes an array of inputs.`)
  if (given['inputs'].length === 0) return fail(34465, `${name} needs at least one input.`)
  const longest = given['useLongestLength'] ?? false
  if (typeof longest !== 'boolean') return fail(34463, `${name} takes a boolean as useLongestLength.`)
  const inputs = operands(given['inputs'], parse)
  const fallback = given['defaults'] === undefined ? [] : given['defaults']
  if (!Array.isArray(fallback)) return fail(34462, `${name} takes an array of defaults.`)
  if (fallback.length > 0 && !longest) return fail(34466, `${name} has defaults without useLongestLength.`)
  if (fallback.length > 0 && fallback.length !== inputs.length) {
    return fail(34467, `${name} takes as many defaults as inputs.`)
  }
  const defaults = operands(fallback, parse)
  return (scope) => {
    const values = evaluateAll(inputs, scope)
    if (values.some(isNullish)) {
      for (const value of values) if (!isNullish(value)) anArray(value, 34468, name)
      return null
    }
    const arrays = values.map((value) => anArray(value, 34468, name))
    const fill = evaluateAll(defaults, scope)
    const lengths = arrays.map((array) => array.length)
    const length = longest ? Math.max(...lengths) : Math.min(...lengths)
    scope.meter.work(length * (arrays.length + 2))
    scope.meter.allocate(arraySize(length) + length * arraySize(arrays.length))
    return Array.from({ length }, (_, row) =>
      arrays.map((array, column) => (row < array.length ? array[row] : fill[column]) ?? null),
    )
  }
}

const toObject = unary((value, name, meter) => {
  if (isNullish(value)) return null
  const made: Draft = {}
  const given = anArray(value, 40386, name)
  meter.work(given.length * STEPS_OF_A_NEW_FIELD)
  meter.allocate(given.length * BYTES_OF_A_NEW_FIELD)
  const pairs = given.map((element) => keyAndValue(element, name))
  const [first] = pairs
  for (const pair of pairs) {
    if (pair.form !== first?.form) fail(40391, `${name} takes pairs of one form: arrays of two, or objects of k and v.`)
    if (typeof pair.key !== 'string') return fail(40394, `${name} takes strings as keys, not ${typeName(pair.key)}.`)
    if (pair.key.includes('\0')) fail(4940400, `${name} has a key with a null byte.`)
    if (pair.key === '__proto__') fail('BadValue', "A field cannot be named '__proto__'.")
    setField(made, pair.key, pair.value)
  }
  return made
})

/** An object of names that no other has is a table of its own. */
const STEPS_OF_A_NEW_FIELD = 30
const BYTES_OF_A_NEW_FIELD = 64
const STEPS_OF_A_FIELD = 12

interface Pair {
  readonly form: 'array' | 'object'
  readonly key: Result
  readonly value: Value
}

function keyAndValue(element: Value, name: string): Pair {
  if (isArray(element)) {
    const [key, value = null] = element
    return element.length === 2 ? { form: 'array', key, value } : fail(40397, `${name} takes arrays of two elements.`)
  }
  if (!isObject(element)) return fail(40398, `${name} takes pairs, not ${typeName(element)}.`)
  const { k, v } = element
  if (Object.keys(element).length !== 2 || k === undefined || v === undefined) {
    return fail(40392, `${name} takes objects of exactly k and v.`)
  }
  return { form: 'object', key: k, value: v }
}

const toArray = unary((value, name, meter) => {
  if (isNullish(value)) return null
  if (!isDocument(value)) return fail(40390, `${name} takes an object, not ${typeName(value)}.`)
  const names = Object.keys(value)
  meter.work(names.length * STEPS_OF_A_FIELD)
  meter.allocate(arraySize(names.length) + names.length * objectSize(2))
  return names.map((k) => ({ k, v: value[k] as Value }))
})

export const ARRAY_SHAPE: Operators = { $arrayToObject: toObject, $objectToArray: toArray, $zip: zip }
