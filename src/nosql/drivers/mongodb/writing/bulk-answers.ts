import type { ModifyManyResult } from '../../../contract/write.ts'
import type { Value } from '../../../query/value.ts'
import { NoSQLConnectionError } from '../../../errors.ts'
import { idOf } from './modify.ts'
import { outcomeAfter } from './partial.ts'

/** What the vendor says of some operations, by their positions among those that were sent with them. */
export interface Answer extends ModifyManyResult {
  /** Whether an operation was in a command that was answered. */
  isAnswered(index: number): boolean
}

interface Result extends ModifyManyResult {
  matchedCount: number
  modifiedCount: number
  deletedCount: number
  readonly upsertedIds: Map<number, Value>
  readonly errors: ModifyManyResult['errors'][number][]
}

export function emptyResult(): Result {
  return { matchedCount: 0, modifiedCount: 0, deletedCount: 0, upsertedIds: new Map(), errors: [] }
}

/** Adds an answer to the result of the whole, in which its operations have these positions. */
export function addResult(result: Result, answer: Answer, positions: readonly number[]): void {
  const placed = (index: number): number => positions[index] ?? index
  result.matchedCount += answer.matchedCount
  result.modifiedCount += answer.modifiedCount
  result.deletedCount += answer.deletedCount
  for (const [index, id] of answer.upsertedIds) result.upsertedIds.set(placed(index), id)
  for (const { index, outcome } of answer.errors) result.errors.push({ index: placed(index), outcome })
}

interface Remaining {
  /** Of the command that failed as a whole, without those that an answer was about. */
  readonly left: readonly number[]
  /** Of the commands after it. */
  readonly later: readonly number[]
  readonly ordered: boolean
}

/** The errors of what was not answered, where something before it was. */
export function errorsAfter(error: unknown, { left, later, ordered }: Remaining): ModifyManyResult['errors'] {
  const outcome = outcomeAfter(error)
  // Ordered, nothing after a refusal was tried, which goes without saying; what was not answered may all have been done.
  const about = ordered && outcome.kind !== 'unsure' ? left.slice(0, 1) : left
  const untried = outcome.kind === 'unsure' ? { kind: 'failed' as const, error: notTried(outcome.error) } : outcome
  return [
    ...about.map((index) => ({ index, outcome })),
    ...(ordered ? [] : later.map((index) => ({ index, outcome: untried }))),
  ]
}

function notTried(cause: Error): NoSQLConnectionError {
  return new NoSQLConnectionError('the operation cannot run: one before it was not answered', { cause })
}

export function byIndex(ids: Readonly<Record<number, unknown>>): ReadonlyMap<number, Value> {
  return new Map(Object.entries(ids).map(([index, id]) => [Number(index), idOf(id)]))
}

export type UpdateResults = ReadonlyMap<number, { readonly upsertedId?: unknown }>

export function upsertedBy(results: UpdateResults = new Map()): ReadonlyMap<number, Value> {
  const upserted = [...results].filter(([, { upsertedId }]) => upsertedId !== undefined)
  return new Map(upserted.map(([index, { upsertedId }]) => [index, idOf(upsertedId)]))
}
