import type { DriverContext } from '../../../contract/context.ts'

/** How many items the next request reads at most; undefined: as many as its answer may hold. */
export type NextSize = () => number | undefined

/** A limit is a whole number of 32 bits. */
const largest = 2 ** 31 - 1

interface Wanted {
  /** How many documents will do; infinite where all are read. */
  readonly enough: number
  /** Whether all that is read is among them, but for what a budget leaves. */
  readonly exact: boolean
  /** The least that a request is worth being sent for. @default 1 */
  readonly least?: number
}

/**
 * Reads that end early begin with as many as they need. Where documents drop out later pages are larger, so that few are
 * read in vain and few requests are sent. A budget of documents ends each of them, and one of requests lets none be small.
 */
export function pageSizes({ enough, exact, least = 1 }: Wanted, context: DriverContext): NextSize {
  const isSized = enough !== Infinity && (exact || context.onRequest === undefined)
  let size = isSized ? Math.max(enough, least) : Infinity
  return () => {
    // To read one more tells in the same request that the budget is not enough for all.
    const left = (context.documentsLeft?.() ?? Infinity) + (enough === Infinity ? 1 : 0)
    const next = Math.max(1, Math.min(size, left))
    if (!exact) size *= 4
    return next <= largest ? next : undefined
  }
}
