import type { Document } from '../../query/value.ts'
import { ListGrowthCharge } from '../../query/meter.ts'
import { parseSortOrder, sortDocuments, type SortOrder } from '../sort-order.ts'
import { holdAll, inBatches, type Batches, type ParseStage, type Run, type Stage } from '../stage.ts'

/** `$sort`: keeps everything, or as much as the `$limit` after it wants. */
export const parseSort: ParseStage = (argument, _context, name) =>
  sortStage(name, parseSortOrder(argument, name), Infinity)

function sortStage(name: string, order: SortOrder, limit: number): Stage {
  return {
    name,
    passes: true,
    run: (input, run) => (limit === Infinity ? sortAll(input, order, run) : sortFirst(input, order, { limit, run })),
    keepFirst: (first) => sortStage(name, order, Math.min(first, limit)),
  }
}

async function* sortAll(input: Batches, order: SortOrder, run: Run): Batches {
  yield* inBatches(sortDocuments(await holdAll(input, run), order, run.meter), run.meter)
}

interface Bound {
  readonly limit: number
  readonly run: Run
}

/** Keeps at most twice the documents that are wanted, and some. */
async function* sortFirst(input: Batches, order: SortOrder, { limit, run }: Bound): Batches {
  let kept: Document[] = []
  const { meter } = run
  const paid = new ListGrowthCharge(meter)
  const most = 2 * limit + 1000
  for await (const batch of input) {
    for (const document of batch) {
      if (run.shares) kept.push(document)
      else paid.grow(kept.push(document), document)
      if (kept.length === most) kept = sortDocuments(kept, order, meter).slice(0, limit)
    }
    if (meter.tired) await meter.rest()
  }
  yield* inBatches(sortDocuments(kept, order, meter).slice(0, limit), meter)
}
