import { fail } from './failure.ts'
import { isDocument } from '../../query/value.ts'
import type { Meter } from '../../query/meter.ts'
import { isArray } from './kinds.ts'
import { constant, constantValue, type Evaluate, type Result, type Scope } from './scope.ts'

/** What is known while an expression is being compiled. */
export interface Parse {
  /** Metadata that a server could have beside the documents. */
  readonly metadata: ReadonlySet<string>
  /** Where constants are evaluated. */
  readonly constants: Scope
  /** Compiles a sub-expression in this context. */
  compile(expression: unknown): Evaluate
  /** The same, with the number of expressions that it is made of: what evaluating it takes. */
  weigh(expression: unknown): { readonly evaluate: Evaluate; readonly weight: number }
  /** The same context, in which a constant that fails does so only if it is ever evaluated. */
  lazy(): Parse
  /** A context in which `names` are further variables, and the slots that hold them. */
  declare(names: readonly string[]): { readonly inner: Parse; readonly slots: readonly number[] }
}

/** Compiles one operator's argument. */
export type Operator = (argument: unknown, parse: Parse, name: string) => Evaluate

export type Operators = Readonly<Record<string, Operator>>

/** Evaluates at once what depends on nothing, as MongoDB does: a bad constant is refused before any document is read. */
export function fold(evaluate: (scope: Scope) => Result, parts: readonly Evaluate[], parse: Parse): Evaluate {
  if (!parts.every((part) => part.constant)) return evaluate
  const { constants } = parse
  const { meter } = constants
  const { allocated } = meter
  try {
    return constant(evaluate(constants))
  } catch (failure) {
    return Object.assign(evaluate, { failure })
  } finally {
    meter.keep(allocated)
  }
}

/** The operands of an operator: an array's elements, or the one that stands for itself. */
export function operands(argument: unknown, parse: Parse): Evaluate[] {
  return Array.isArray(argument) ? argument.map((operand) => parse.compile(operand)) : [parse.compile(argument)]
}

/** An operator of one operand. */
export function unary(apply: (value: Result, name: string, meter: Meter) => Result): Operator {
  return (argument, parse, name) => {
    const parts = operands(argument, parse)
    const [operand] = parts
    if (operand === undefined || parts.length !== 1) return wrongCount(name, 'exactly 1 argument', parts.length)
    return fold((scope) => apply(charged(operand(scope), scope), name, scope.meter), parts, parse)
  }
}

/** An operator of two operands. */
export function binary(apply: (left: Result, right: Result, place: Applied) => Result): Operator {
  return (argument, parse, name) => {
    const parts = operands(argument, parse)
    const [left, right] = parts
    if (left === undefined || right === undefined || parts.length !== 2) {
      return wrongCount(name, 'exactly 2 arguments', parts.length)
    }
    const applied = appliedBy(name)
    return fold(
      (scope) => apply(charged(left(scope), scope), charged(right(scope), scope), applied(scope.meter)),
      parts,
      parse,
    )
  }
}

/** What an operator knows when it is applied. */
export interface Applied {
  readonly name: string
  readonly meter: Meter
}

/** Remembers the last: an operator has one meter for many documents. */
function appliedBy(name: string): (meter: Meter) => Applied {
  let last: Applied | undefined
  return (meter) => (last?.meter === meter ? last : (last = { name, meter }))
}

/** An operator of `min` to `max` operands, evaluated in order. */
export function variadic(
  min: number,
  max: number,
  apply: (values: readonly Result[], name: string, meter: Meter) => Result,
): Operator {
  return (argument, parse, name) => {
    const parts = operands(argument, parse)
    if (parts.length < min || parts.length > max) {
      return wrongCount(
        name,
        max === Infinity ? `at least ${min} arguments` : `${min} to ${max} arguments`,
        parts.length,
      )
    }
    return fold((scope) => apply(evaluateAll(parts, scope), name, scope.meter), parts, parse)
  }
}

/** A variadic operator whose operands may be taken in any order: as in MongoDB, constants come last, and are folded. */
export function commutative(apply: (values: readonly Result[], name: string, meter: Meter) => Result): Operator {
  return (argument, parse, name) => {
    const parts = operands(argument, parse)
    const constants = parts.filter((part) => part.constant)
    if (constants.length > 1) apply(constants.map(constantValue), name, parse.constants.meter)
    const ordered = [...parts.filter((part) => !part.constant), ...constants]
    return fold((scope) => apply(evaluateAll(ordered, scope), name, scope.meter), ordered, parse)
  }
}

export function evaluateAll(parts: readonly Evaluate[], scope: Scope): Result[] {
  const values: Result[] = []
  for (const part of parts) values.push(charged(part(scope), scope))
  return values
}

/** An operand's price: operators walk along long strings and arrays. */
export function charged(value: Result, { meter }: Scope): Result {
  if (typeof value === 'string') {
    if (value.length > 63) meter.work(value.length / 64)
  } else if (typeof value === 'object' && isArray(value)) meter.work(value.length / 16)
  return value
}

/** An operator whose argument is an object of `required` fields, and of others that have a default. */
export function named<Required extends string, Defaults extends Readonly<Record<string, Result>>>(
  required: readonly Required[],
  defaults: Defaults,
  apply: (values: Readonly<Record<Required | keyof Defaults, Result>>, name: string, meter: Meter) => Result,
): Operator {
  return (argument, parse, name) => {
    const given = objectArgument(argument, name, { required, optional: Object.keys(defaults) })
    const keys = [...required, ...Object.keys(defaults)]
    const parts = keys.map((key) => (Object.hasOwn(given, key) ? parse.compile(given[key]) : constant(defaults[key])))
    const evaluate = (scope: Scope): Result => {
      const values: Record<string, Result> = {}
      for (let index = 0; index < keys.length; index++) {
        values[keys[index] ?? ''] = charged(parts[index]?.(scope), scope)
      }
      return apply(values as Record<Required | keyof Defaults, Result>, name, scope.meter) // the loop sets every key
    }
    return fold(evaluate, parts, parse)
  }
}

/** The argument of an operator that takes an object, checked for missing and unknown fields. */
export function objectArgument(
  argument: unknown,
  name: string,
  fields: { readonly required: readonly string[]; readonly optional: readonly string[] },
): Readonly<Record<string, unknown>> {
  if (!isDocument(argument)) {
    return fail('FailedToParse', `the argument of ${name} must be an object with ${fields.required.join(', ')}`)
  }
  const absent = fields.required.find((field) => !Object.hasOwn(argument, field))
  if (absent !== undefined) fail('FailedToParse', `${name} must have '${absent}'`)
  for (const field of Object.keys(argument)) {
    if (!fields.required.includes(field) && !fields.optional.includes(field)) {
      fail('FailedToParse', `arguments of ${name} must be known by name`)
    }
  }
  return argument
}

export function wrongCount(name: string, expected: string, found: number): never {
  return fail(16020, `${name} must have ${expected}, not ${found}`)
}
