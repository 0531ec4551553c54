import { isDocument } from '../../query/value.ts'
import { compareResults } from './order.ts'
import { fail } from './failure.ts'
import { isNullish, truthy } from './kinds.ts'
import { binary, fold, objectArgument, operands, unary, wrongCount, type Operator, type Operators } from './parse.ts'
import { constantValue, type Evaluate } from './scope.ts'

const comparison = (holds: (order: number) => boolean): Operator =>
  binary((left, right) => holds(compareResults(left, right)))

const and: Operator = (argument, parse) => {
  const parts = operands(argument, parse)
  return fold((scope) => parts.every((part) => truthy(part(scope))), parts)
}

const or: Operator = (argument, parse) => {
  const parts = operands(argument, parse)
  return fold((scope) => parts.some((part) => truthy(part(scope))), parts)
}

const cond: Operator = (argument, parse, name) => {
  const branches = isDocument(argument) ? namedBranches(argument, name) : argument
  if (!Array.isArray(branches) || branches.length !== 3) {
    return wrongCount(name, 'exactly 3 arguments', Array.isArray(branches) ? branches.length : 1)
  }
  const parts = branches.map(parse.compile)
  const [test, then, otherwise] = parts as [Evaluate, Evaluate, Evaluate]
  return fold((scope) => (truthy(test(scope)) ? then(scope) : otherwise(scope)), parts)
}

function namedBranches(argument: Readonly<Record<string, unknown>>, name: string): unknown[] {
  const given = objectArgument(argument, name, { required: ['if', 'then', 'else'], optional: [] })
  return [given['if'], given['then'], given['else']]
}

const ifNull: Operator = (argument, parse, name) => {
  const parts = operands(argument, parse)
  if (parts.length < 2) return wrongCount(name, 'at least 2 arguments', parts.length)
  return fold((scope) => {
    for (let index = 0; index < parts.length - 1; index++) {
      const value = parts[index]?.(scope)
      if (!isNullish(value)) return value
    }
    return parts.at(-1)?.(scope)
  }, parts)
}

const choose: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['branches'], optional: ['default'] })
  const { branches } = given
  if (!Array.isArray(branches) || branches.length === 0) return fail(40061, `${name} needs an array of branches.`)
  let context = parse
  const pairs = branches.map((branch) => {
    const parts = objectArgument(branch, `A branch of ${name}`, { required: ['case', 'then'], optional: [] })
    const [test, value] = [context.compile(parts['case']), context.compile(parts['then'])]
    // What follows a branch that always applies is dead: MongoDB drops it before constants are folded.
    if (test.constant && truthy(constantValue(test))) context = context.lazy()
    return { test, value }
  })
  const otherwise = Object.hasOwn(given, 'default') ? parse.compile(given['default']) : undefined
  const parts = [...pairs.flatMap(({ test, value }) => [test, value]), ...(otherwise === undefined ? [] : [otherwise])]
  return fold((scope) => {
    for (const { test, value } of pairs) if (truthy(test(scope))) return value(scope)
    return otherwise === undefined
      ? fail(40066, `No branch of ${name} applies and it has no default.`)
      : otherwise(scope)
  }, parts)
}

export const LOGIC: Operators = {
  $and: and,
  $cmp: binary((left, right) => Math.sign(compareResults(left, right))),
  $cond: cond,
  $eq: comparison((order) => order === 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $ifNull: ifNull,
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $ne: comparison((order) => order !== 0),
  $not: unary((value) => !truthy(value)),
  $or: or,
  $switch: choose,
}
