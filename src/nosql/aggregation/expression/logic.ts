import { isDocument } from '../../query/value.ts'
import { compareResults } from './order.ts'
import { fail } from './failure.ts'
import { isNullish, truthy } from './kinds.ts'
import { binary, fold, objectArgument, unary, wrongCount, type Operator, type Operators, type Parse } from './parse.ts'
import { constant, constantValue, type Evaluate, type Result, type Scope } from './scope.ts'

const comparison = (holds: (order: number) => boolean): Operator =>
  binary((left, right, { meter }) => holds(compareResults(left, right, meter)))

/**
 * `$and` and `$or`: operands after the one that decides are not evaluated. Operands after a constant that decides are only
 * parsed.
 */
const deciding =
  (decision: boolean): Operator =>
  (argument, parse) => {
    const decides = (part: Evaluate): boolean => part.constant === true && truthy(constantValue(part)) === decision
    const parts = untilDecided(Array.isArray(argument) ? argument : [argument], parse, decides)
    const last = parts.at(-1)
    if (last !== undefined && decides(last)) return constant(decision)
    const evaluate = (scope: Scope): Result => {
      for (const part of parts) if (truthy(part(scope)) === decision) return decision
      return !decision
    }
    return fold(evaluate, parts, parse)
  }

/** The operands up to one that decides whatever the document is. */
function untilDecided(given: readonly unknown[], parse: Parse, decides: (part: Evaluate) => boolean): Evaluate[] {
  const parts: Evaluate[] = []
  let context = parse
  let decided = false
  for (const operand of given) {
    const part = context.compile(operand)
    if (decided) continue
    parts.push(part)
    decided = decides(part)
    if (decided) context = parse.lazy()
  }
  return parts
}

const cond: Operator = (argument, parse, name) => {
  const branches = isDocument(argument) ? namedBranches(argument, name) : argument
  if (!Array.isArray(branches) || branches.length !== 3) {
    return wrongCount(name, 'exactly 3 arguments', Array.isArray(branches) ? branches.length : 1)
  }
  const test = parse.compile(branches[0])
  const decision = test.constant ? truthy(constantValue(test)) : undefined
  const then = (decision === false ? parse.lazy() : parse).compile(branches[1])
  const otherwise = (decision === true ? parse.lazy() : parse).compile(branches[2])
  if (decision !== undefined) return decision ? then : otherwise
  return (scope) => (truthy(test(scope)) ? then(scope) : otherwise(scope))
}

function namedBranches(argument: Readonly<Record<string, unknown>>, name: string): unknown[] {
  const given = objectArgument(argument, name, { required: ['if', 'then', 'else'], optional: [] })
  return [given['if'], given['then'], given['else']]
}

const ifNull: Operator = (argument, parse, name) => {
  const given: readonly unknown[] = Array.isArray(argument) ? argument : [argument]
  if (given.length < 2) return wrongCount(name, 'at least 2 arguments', given.length)
  const parts = untilDecided(given, parse, (part) => part.constant === true && !isNullish(constantValue(part)))
  const evaluate = (scope: Scope): Result => {
    for (let index = 0; index < parts.length - 1; index++) {
      const value = parts[index]?.(scope)
      if (!isNullish(value)) return value
    }
    return parts.at(-1)?.(scope)
  }
  return fold(evaluate, parts, parse)
}

interface Branch {
  readonly test: Evaluate
  readonly value: Evaluate
}

const choose: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['branches'], optional: ['default'] })
  if (!Array.isArray(given['branches']) || given['branches'].length === 0) {
    return fail(40061, `branches of ${name} must be a non-empty array`)
  }
  const { branches, decided } = liveBranches(given['branches'], parse, name)
  const context = decided ? parse.lazy() : parse
  const otherwise = Object.hasOwn(given, 'default') ? context.compile(given['default']) : undefined
  const parts = branches.flatMap(({ test, value }) => [test, value])
  if (otherwise !== undefined && !decided) parts.push(otherwise)
  const evaluate = (scope: Scope): Result => {
    for (const { test, value } of branches) if (truthy(test(scope))) return value(scope)
    return otherwise === undefined
      ? fail(40066, `${name} cannot choose a branch: none applies and it has no default`)
      : otherwise(scope)
  }
  return fold(evaluate, parts, parse)
}

/** The branches that can apply. Those that cannot, and those after one that always does, are parsed and dropped. */
function liveBranches(given: readonly unknown[], parse: Parse, name: string) {
  const branches: Branch[] = []
  let decided = false
  for (const branch of given) {
    const parts = objectArgument(branch, `a branch of ${name}`, { required: ['case', 'then'], optional: [] })
    const test: Evaluate = (decided ? parse.lazy() : parse).compile(parts['case'])
    const applies: boolean | undefined = test.constant ? truthy(constantValue(test)) : undefined
    const value = (decided || applies === false ? parse.lazy() : parse).compile(parts['then'])
    if (decided || applies === false) continue
    branches.push({ test, value })
    decided = applies === true
  }
  return { branches, decided }
}

export const LOGIC: Operators = {
  $and: deciding(false),
  $cmp: binary((left, right, { meter }) => Math.sign(compareResults(left, right, meter))),
  $cond: cond,
  $eq: comparison((order) => order === 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $ifNull: ifNull,
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $ne: comparison((order) => order !== 0),
  $not: unary((value) => !truthy(value)),
  $or: deciding(true),
  $switch: choose,
}
