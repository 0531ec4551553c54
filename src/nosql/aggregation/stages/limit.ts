import { fail } from '../expression/failure.ts'
import type { Batches, ParseStage } from '../stage.ts'
import { wholeArgument } from '../stage-argument.ts'

/** `$limit`: the first documents; nothing more is read. */
export const parseLimit: ParseStage = (argument, _context, name) => {
  const limit = wholeArgument(argument, name)
  if (limit < 0) fail(5107201, `${name} must not be negative`)
  if (limit === 0) fail(15958, `${name} must be above 0`)
  return { name, limit, passes: true, run: (input) => take(input, limit) }
}

/** `$skip`: all but the first documents. */
export const parseSkip: ParseStage = (argument, _context, name) => {
  const skip = wholeArgument(argument, name)
  if (skip < 0) fail(5107200, `${name} must not be negative`)
  return { name, passes: true, run: (input) => drop(input, skip) }
}

async function* take(input: Batches, limit: number): Batches {
  let left = limit
  for await (const batch of input) {
    yield batch.length <= left ? batch : batch.slice(0, left)
    left -= batch.length
    if (left <= 0) return
  }
}

async function* drop(input: Batches, skip: number): Batches {
  let left = skip
  for await (const batch of input) {
    if (left < batch.length) yield left === 0 ? batch : batch.slice(left)
    left = Math.max(0, left - batch.length)
  }
}
