import { fail } from '../expression/failure.ts'
import type { ParseStage, Stage } from '../stage.ts'
import { parseGroup } from './group.ts'
import { parseSort } from './sort.ts'
import { isDocument } from '../../query/value.ts'

/** `$sortByCount`: how often each value occurs, most often first. */
export const parseSortByCount: ParseStage = (argument, context, name) => {
  checkOperand(argument, name)
  const group = parseGroup({ _id: argument, count: { $sum: 1 } }, context, name)
  return chain(name, [group, parseSort({ count: -1 }, context, name)])
}

function checkOperand(argument: unknown, name: string): void {
  if (isDocument(argument)) {
    const [first] = Object.keys(argument)
    if (first?.startsWith('$') !== true) fail(40147, `the argument of ${name} must be an expression, not an object`)
  } else if (typeof argument === 'string') {
    if (!argument.startsWith('$')) fail(40148, `the path of ${name} must start with '$'`)
  } else fail(40149, `the argument of ${name} must be a path or an expression`)
}

/** Several stages as one. */
export function chain(name: string, stages: readonly Stage[]): Stage {
  return { name, run: (input, run) => stages.reduce((batches, stage) => stage.run(batches, run), input) }
}
