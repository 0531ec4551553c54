import type { Collection } from '../../src/nosql/collection/collection.ts'
import type { DocumentStore } from '../../src/nosql/store/document-store.ts'

/** What a hostile call meets. */
export interface Victim {
  readonly store: DocumentStore
  /** `{ _id: 1, … }` to `{ _id: 3, … }`, with `n`, `text`, `list` and `items`. */
  readonly things: Collection
}

/** One call that must end at once, and how: with a code of ours, or `answer`. */
export interface HostileCase<Input = unknown> {
  readonly name: string
  /** Fills further collections. */
  readonly prepare?: (victim: Victim) => Promise<unknown>
  /** Makes the input; what that takes is the attacker's. */
  readonly input?: () => Input
  readonly run: (victim: Victim, input: Input) => unknown
  readonly ends: string
}

/** The outcome of a case. */
export interface Outcome {
  /** A code of ours, `answer`, or what went wrong. */
  readonly ends: string
  /** Milliseconds of processor time; on a slow machine, of the one for which the limits were chosen. */
  readonly cpu: number
}

export const FILTER = 'LEX_ERR_NOSQL_007'
export const DOCUMENT = 'LEX_ERR_NOSQL_005'
export const BUDGET = 'LEX_ERR_NOSQL_010'
export const UNSUPPORTED = 'LEX_ERR_NOSQL_009'
export const ANSWER = 'answer'

export function nested(times: number, wrap: (inner: unknown) => unknown, innermost: unknown): unknown {
  let made = innermost
  for (let level = 0; level < times; level++) made = wrap(made)
  return made
}

export function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
