import { setField } from '../../../../core/plain-object.ts'
import { arraySize, objectSize } from '../../../query/approximate-size.ts'
import { isDocument, type Value } from '../../../query/value.ts'
import { anArray } from '../arguments.ts'
import { fail } from '../failure.ts'
import { isArray, isNullish, isObject, typeName, type Draft } from '../kinds.ts'
import { objectArgument, unary, type Operator, type Operators } from '../parse.ts'
import { evaluateAll, operands } from '../parse.ts'
import type { Result } from '../scope.ts'

const zip: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['inputs'], optional: ['defaults', 'useLongestLength'] })
  if (!Array.isArray(given['inputs'])) return fail(34461, `inputs of ${name} must be an array`)
  if (given['inputs'].length === 0) return fail(34465, `inputs of ${name} must not be empty`)
  const longest = given['useLongestLength'] ?? false
  if (typeof longest !== 'boolean') return fail(34463, `useLongestLength of ${name} must be a boolean`)
  const inputs = operands(given['inputs'], parse)
  const fallback = given['defaults'] === undefined ? [] : given['defaults']
  if (!Array.isArray(fallback)) return fail(34462, `defaults of ${name} must be an array`)
  if (fallback.length > 0 && !longest) return fail(34466, `${name} cannot have defaults: useLongestLength is not true`)
  if (fallback.length > 0 && fallback.length !== inputs.length) {
    return fail(34467, `defaults of ${name} must be as many as inputs`)
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
    if (pair.form !== first?.form)
      fail(40391, `pairs of ${name} must all be arrays of two, or all be objects of k and v`)
    if (typeof pair.key !== 'string') return fail(40394, `keys of ${name} must be strings, not ${typeName(pair.key)}`)
    if (pair.key.includes('\0')) fail(4940400, `keys of ${name} must not contain a null byte`)
    if (pair.key === '__proto__') fail('BadValue', "a field name must not be '__proto__'")
    setField(made, pair.key, pair.value)
  }
  return made
})

/** An object with new field names has its own hash table. */
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
    return element.length === 2 ? { form: 'array', key, value } : fail(40397, `pairs of ${name} must have two elements`)
  }
  if (!isObject(element)) return fail(40398, `elements of ${name} must be pairs, not ${typeName(element)}`)
  const { k, v } = element
  if (Object.keys(element).length !== 2 || k === undefined || v === undefined) {
    return fail(40392, `pairs of ${name} must have exactly k and v`)
  }
  return { form: 'object', key: k, value: v }
}

const toArray = unary((value, name, meter) => {
  if (isNullish(value)) return null
  if (!isDocument(value)) return fail(40390, `the argument of ${name} must be an object, not ${typeName(value)}`)
  const names = Object.keys(value)
  meter.work(names.length * STEPS_OF_A_FIELD)
  meter.allocate(arraySize(names.length) + names.length * objectSize(2))
  return names.map((k) => ({ k, v: value[k] as Value })) // `k` is one of its keys
})

export const ARRAY_SHAPE: Operators = { $arrayToObject: toObject, $objectToArray: toArray, $zip: zip }
