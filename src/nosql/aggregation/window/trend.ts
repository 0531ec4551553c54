import type { Accumulator } from '../accumulator.ts'
import { aUnit, isMonths } from '../expression/date/argument.ts'
import { fail } from '../expression/failure.ts'
import { isNumeric } from '../expression/kinds.ts'
import type { Result } from '../expression/scope.ts'
import { NumberSum } from '../expression/number/sum.ts'
import { readPath } from '../field-path.ts'
import { isObject } from '../expression/kinds.ts'
import { stageFields } from '../stage-argument.ts'
import { collectFrames } from './accumulate.ts'
import { parseBounds } from './bounds.ts'
import { frames, unitLength } from './frames.ts'
import { add, complement, type Decimal, fromDecimal, multiply, quotient, toDecimal } from './decimal.ts'
import { checkNoWindow } from './rank.ts'
import { valuesOf } from './neighbours.ts'
import type { ParseWindowFunction, WindowContext } from './window-function.ts'

/** Sums and products of decimals. */
const STEPS_OF_AN_AVERAGE = 400

/** `$expMovingAvg`: each value weighs less than the one after it. MongoDB calculates it in decimals. */
export const expMovingAvg: ParseWindowFunction = (argument, context, name) => {
  checkNoWindow(context, name)
  if (context.sortBy === undefined) fail('FailedToParse', `${name} must have a sortBy`)
  const fields = stageFields(argument, name, { required: ['input'], optional: ['N', 'alpha'] })
  if (Object.keys(fields).length !== 2) fail('FailedToParse', `${name} must have 'input', and either 'N' or 'alpha'`)
  const alpha =
    fields['N'] === undefined
      ? toDecimal(readAlpha(fields['alpha'], name))
      : quotient(2n, BigInt(readN(fields['N'], name)) + 1n)
  const rest = complement(alpha)
  const input = context.stage.expression(fields['input'])
  return (partition) => {
    let average: Decimal | undefined
    partition.run.meter.work(partition.documents.length * STEPS_OF_AN_AVERAGE)
    return valuesOf(partition, input).map((value) => {
      if (isNumeric(value)) {
        const next = toDecimal(value)
        average = average === undefined ? next : add(multiply(next, alpha), multiply(average, rest))
      }
      return average === undefined ? null : fromDecimal(average)
    })
  }
}

function readN(n: unknown, name: string): number {
  if (typeof n !== 'number' && typeof n !== 'bigint')
    return fail('FailedToParse', `n of ${name} must be a whole number`)
  const whole = Number(n)
  return Number.isInteger(whole) && whole > 0
    ? whole
    : fail('FailedToParse', `n of ${name} must be a whole number above 0`)
}

function readAlpha(alpha: unknown, name: string): number {
  if (typeof alpha !== 'number' && typeof alpha !== 'bigint')
    return fail('FailedToParse', `alpha of ${name} must be a number`)
  return alpha > 0 && alpha < 1 ? Number(alpha) : fail('FailedToParse', `alpha of ${name} must be between 0 and 1`)
}

/** What `$derivative` and `$integral` share: an input over the one field sorted by, and a unit where that is a date. */
function overTime(argument: unknown, context: WindowContext, name: string) {
  const [key, ...others] = context.sortBy?.keys ?? []
  if (key === undefined || others.length > 0) return fail('FailedToParse', `${name} must have a sortBy of one field`)
  const fields = stageFields(argument, name, { required: ['input'], optional: ['unit'] })
  const scale = fields['unit'] === undefined ? undefined : readUnit(fields['unit'], name)
  return { path: key.path, scale, input: context.stage.expression(fields['input']) }
}

function readUnit(unit: unknown, name: string): number {
  if (typeof unit !== 'string') return fail('FailedToParse', `unit of ${name} must be a string`)
  const known = aUnit(unit, name)
  return isMonths(known) ? fail(5490704, `unit of ${name} must be a week or shorter`) : unitLength(known)
}

function timeOf(value: Result, scale: number | undefined, name: string): number {
  if (scale !== undefined) {
    return value instanceof Date ? value.getTime() : fail(5624900, `sortBy of ${name} with a unit must yield dates`)
  }
  if (value instanceof Date) fail(5624901, `unit of ${name} must be given with dates`)
  return isNumeric(value) ? Number(value) : fail(5624902, `sortBy of ${name} must yield numbers`)
}

/** `$derivative`: the slope between the ends of the frame. */
export const derivative: ParseWindowFunction = (argument, context, name) => {
  const { path, scale, input } = overTime(argument, context, name)
  if (context.window === undefined) fail('FailedToParse', `${name} must have a window`)
  const bounds = parseBounds(context)
  return (partition) => {
    const values = valuesOf(partition, input)
    const time = (at: number): number => timeOf(readPath(partition.documents[at] ?? {}, path), scale, name)
    const height = (at: number): number => {
      const value = values[at]
      if (value instanceof Date) return value.getTime()
      return isNumeric(value) ? Number(value) : fail(5624903, `values of ${name} must be numbers`)
    }
    return frames(partition, bounds, context.sortBy).map(({ from, to }) => {
      if (from === to) return null
      const run = time(to - 1) - time(from)
      const rise = height(to - 1) - height(from)
      return run === 0 ? null : (rise / run) * (scale ?? 1)
    })
  }
}

/** `$integral`: the area below the values of the frame, by the trapezoidal rule. */
export const integral: ParseWindowFunction = (argument, context, name) => {
  const { path, scale, input } = overTime(argument, context, name)
  const plan = {
    input: (scope: Parameters<typeof input>[0]): Point => {
      const document = isObject(scope.root) ? scope.root : {}
      const value = input(scope)
      if (!isNumeric(value)) return fail(5423900, `values of ${name} must be numbers`)
      return { x: timeOf(readPath(document, path), scale, name), y: Number(value) }
    },
    create: () => new Area(scale ?? 1),
  }
  return collectFrames(plan, parseBounds(context), context.sortBy)
}

interface Point {
  readonly x: number
  readonly y: number
}

class Area implements Accumulator<Point> {
  readonly #scale: number
  readonly #sum = new NumberSum()
  #last: Point | undefined

  constructor(scale: number) {
    this.#scale = scale
  }

  add(point: Point): void {
    if (this.#last !== undefined) this.#sum.add(((point.y + this.#last.y) * (point.x - this.#last.x)) / 2)
    this.#last = point
  }

  result(): Result {
    return this.#last === undefined ? null : this.#sum.number / this.#scale
  }
}
