import type { DriverContext } from '../../../contract/context.ts'

/** What the last page had: items that were read, and those of them that the filter let through. */
interface LastPage {
  readonly scanned: number
  readonly count: number
}

/** How many items the next request reads at most; undefined: as many as its answer may hold. */
export type NextSize = (last?: LastPage) => number | undefined

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

/** A page is at most so many times as large as the one before, and as much larger than the rate so far asks for. */
const mostGrowth = 16
const margin = 1.25

/**
 * Reads that end early begin with as many as they need. Where documents drop out, the next page is as large as the rate so
 * far asks for, so that few are read in vain and few requests are sent. A budget of documents ends each of them, and one of requests lets none be small.
 */
export function pageSizes({ enough, exact, least = 1 }: Wanted, context: DriverContext): NextSize {
  const isSized = enough !== Infinity && (exact || context.onRequest === undefined)
  let size = isSized ? Math.max(enough, least) : Infinity
  let found = 0
  return (last) => {
    if (last !== undefined && !exact) {
      found += last.count
      const missing = enough - found
      const rate = last.count === 0 ? 0 : last.count / last.scanned
      // Where enough were found and more are asked for, those that were found do not match.
      size =
        missing <= 0 ? size * 4 : Math.max(least, Math.min(size * mostGrowth, Math.ceil((missing / rate) * margin)))
    }
    // One more shows in the same request that the budget is not enough for all.
    const left = (context.documentsLeft?.() ?? Infinity) + (enough === Infinity ? 1 : 0)
    const next = Math.max(1, Math.min(size, left))
    return next <= largest ? next : undefined
  }
}
