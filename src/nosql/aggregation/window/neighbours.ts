import { arraySize } from '../../query/approximate-size.ts'
import { fail } from '../expression/failure.ts'
import { isNullish, isNumeric, wholeNumber } from '../expression/kinds.ts'
import { constantValue, enterDocument, type Evaluate, type Result } from '../expression/scope.ts'
import { readPath } from '../field-path.ts'
import { stageFields } from '../stage-argument.ts'
import { parseBounds } from './bounds.ts'
import { frames } from './frames.ts'
import { checkNoWindow } from './rank.ts'
import type { ParseWindowFunction, Partition } from './window-function.ts'

/** The work of one function for one document. */
const STEPS_OF_A_VALUE = 10

/** The value of an expression for each document. */
export function valuesOf({ documents, scope, run }: Partition, evaluate: Evaluate): Result[] {
  run.meter.work(documents.length * STEPS_OF_A_VALUE)
  run.meter.allocate(arraySize(documents.length))
  return documents.map((document) => evaluate(enterDocument(scope, document)))
}

/** `$first` and `$last`: the value at one end of the frame, missing where it is missing there, null without a frame. */
export function endpoint(end: 'first' | 'last'): ParseWindowFunction {
  return (argument, context) => {
    const input = context.stage.expression(argument)
    const bounds = parseBounds(context)
    return (partition) => {
      const values = valuesOf(partition, input)
      return frames(partition, bounds, context.sortBy).map(({ from, to }) =>
        from === to ? null : values[end === 'first' ? from : to - 1],
      )
    }
  }
}

/** `$shift`: the result of an expression for the document a number of places away. */
export const shift: ParseWindowFunction = (argument, context, name) => {
  checkNoWindow(context, name)
  if (context.sortBy === undefined) fail('FailedToParse', `${name} must have a sortBy`)
  const fields = stageFields(argument, name, { required: ['output', 'by'], optional: ['default'] })
  const by =
    typeof fields['by'] === 'number' || typeof fields['by'] === 'bigint' ? wholeNumber(fields['by']) : undefined
  if (by === undefined) return fail('FailedToParse', `by of ${name} must be a whole number`)
  const output = context.stage.expression(fields['output'])
  const fallback = readDefault(fields['default'], context.stage.expression, name)
  return (partition) => {
    const values = valuesOf(partition, output)
    return values.map((_value, at) => {
      const from = at + by
      return from >= 0 && from < values.length ? values[from] : fallback
    })
  }
}

function readDefault(value: unknown, compile: (expression: unknown) => Evaluate, name: string): Result {
  if (value === undefined) return null
  const evaluate = compile(value)
  return evaluate.constant
    ? (constantValue(evaluate) ?? null)
    : fail('FailedToParse', `default of ${name} must be a constant`)
}

/** `$locf`: the last value that was neither null nor missing. */
export const locf: ParseWindowFunction = (argument, context, name) => {
  checkNoWindow(context, name)
  const input = context.stage.expression(argument)
  return (partition) => {
    let last: Result = null
    return valuesOf(partition, input).map((value) => (last = isNullish(value) ? last : value))
  }
}

/** `$linearFill`: null and missing values on the straight line between their neighbours, by the value sorted by. */
export const linearFill: ParseWindowFunction = (argument, context, name) => {
  checkNoWindow(context, name)
  const [key, ...others] = context.sortBy?.keys ?? []
  if (key === undefined || others.length > 0) return fail(605001, `${name} must have a sortBy of one field`)
  const input = context.stage.expression(argument)
  return (partition) => {
    const values = valuesOf(partition, input)
    for (const value of values) {
      if (!isNullish(value) && !isNumeric(value)) fail('TypeMismatch', `values of ${name} must be numbers`)
    }
    // The loop refuses other values.
    return interpolate(values as readonly Point[], positions(partition, key.path, name))
  }
}

type Point = number | bigint | null | undefined

function positions({ documents }: Partition, path: readonly string[], name: string): number[] {
  const values = documents.map((document) => readPath(document, path))
  const dates = values[0] instanceof Date
  const found = values.map((value) => {
    if (dates !== value instanceof Date || (!dates && !isNumeric(value)))
      fail('TypeMismatch', `sortBy of ${name} must yield numbers or dates`)
    return Number(value)
  })
  for (const [at, value] of found.entries()) {
    if (at > 0 && value === found[at - 1]) fail(6050106, `sortBy of ${name} must yield different values`)
  }
  return found
}

function interpolate(values: readonly Point[], at: readonly number[]): Result[] {
  const after = nextKnown(values)
  let before = -1
  return values.map((value, index) => {
    if (!isNullish(value)) {
      before = index
      return value
    }
    const next = after[index] ?? -1
    if (before < 0 || next < 0) return null
    const [x1, x2, x] = [at[before] ?? 0, at[next] ?? 0, at[index] ?? 0]
    const [y1, y2] = [Number(values[before]), Number(values[next])]
    return y1 + (x - x1) * ((y2 - y1) / (x2 - x1))
  })
}

/** For each place the next one that has a value, or -1. */
function nextKnown(values: readonly Point[]): number[] {
  const known: number[] = []
  let next = -1
  for (let index = values.length - 1; index >= 0; index--) {
    known[index] = next
    if (!isNullish(values[index])) next = index
  }
  return known
}
