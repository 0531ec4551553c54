import { fail } from '../expression/failure.ts'
import type { Result } from '../expression/scope.ts'
import type { SortOrder } from '../sort-order.ts'
import type { ParseWindowFunction, Partition, WindowContext } from './window-function.ts'
import { isDocument } from '../../query/value.ts'

/** Refuses a `window` beside a function that has none. */
export function checkNoWindow({ window }: WindowContext, name: string): void {
  if (window !== undefined) fail('FailedToParse', `window of ${name} must be absent`)
}

function ranking(rank: (partition: Partition, order: SortOrder) => Result[]): ParseWindowFunction {
  return (argument, context, name) => {
    checkNoWindow(context, name)
    if (!isDocument(argument) || Object.keys(argument).length > 0)
      fail(5371603, `the argument of ${name} must be an empty object`)
    const { sortBy } = context
    if (sortBy?.keys.length !== 1) return fail(5371602, `${name} must have a sortBy of one field`)
    return (partition) => rank(partition, sortBy)
  }
}

const STEPS_OF_A_DOCUMENT = 10

/** Whether each document is equal to the one before it in the order. */
function ties({ documents, run: { meter } }: Partition, order: SortOrder): boolean[] {
  let before: readonly Result[] | undefined
  meter.work(documents.length * STEPS_OF_A_DOCUMENT)
  return documents.map((document) => {
    const key = order.keyOf(document, meter)
    const tie = before !== undefined && order.compareKeys(before, key, meter) === 0
    before = key
    return tie
  })
}

/** `$rank`: 1, 1, 3 … */
export const rank = ranking((partition, order) => {
  let current = 0
  return ties(partition, order).map((tie, at) => (current = tie ? current : at + 1))
})

/** `$denseRank`: 1, 1, 2 … */
export const denseRank = ranking((partition, order) => {
  let current = 0
  return ties(partition, order).map((tie) => (current = tie ? current : current + 1))
})

/** `$documentNumber`: 1, 2, 3 … */
export const documentNumber = ranking(({ documents }) => documents.map((_document, at) => at + 1))
