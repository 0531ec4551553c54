import { fail } from '../expression/failure.ts'
import type { Batches, ParseStage } from '../stage.ts'

/** `$count`: one document with the number of documents; none when there were none. */
export const parseCount: ParseStage = (argument, _context, name) => {
  if (typeof argument !== 'string') return fail(40156, `the argument of ${name} must be the name of a field`)
  if (argument === '') fail(40157, `the field of ${name} must not be empty`)
  if (argument.startsWith('$')) fail(40158, `the field of ${name} must not start with '$'`)
  if (argument.includes('\0')) fail(40159, `the field of ${name} must not contain a null character`)
  if (argument.includes('.')) fail(40160, `the field of ${name} must not contain a dot`)
  if (argument === '_id') fail(9039800, `the field of ${name} must not be _id`)
  return { name, run: (input) => count(input, argument) }
}

async function* count(input: Batches, field: string): Batches {
  let total = 0
  for await (const batch of input) total += batch.length
  if (total > 0) yield [Object.fromEntries([[field, total]])]
}
