import { isLexigramError } from '../../src/core/errors.ts'
import { err } from '../../src/core/result/result.ts'
import { BulkWriteError } from '../../src/nosql/bulk-write-error.ts'
import type { OperationOptions } from '../../src/nosql/collection/checks/operation-options.ts'
import type { DocumentStore } from '../../src/nosql/store/document-store.ts'
import type { CampaignOperation, Outcome, RunOptions } from '../support/fault-campaign.ts'

/** Leaves entries of a key in the collection `ledger`, whose `n` counts. */
interface Operation extends CampaignOperation {
  run(store: DocumentStore, key: string, options: OperationOptions): Promise<unknown>
}

const ledger = (store: Pick<DocumentStore, 'collection'>) => store.collection('ledger')

export const operations: Readonly<Record<string, Operation>> = {
  insert: { rows: 1, run: (store, key, options) => ledger(store).insertOne({ key, n: 1 }, options) },
  insertMany: {
    rows: 3,
    inParts: true,
    run: (store, key, options) =>
      ledger(store).insertMany(
        [1, 2, 3].map((part) => ({ key, part, n: 1 })),
        options,
      ),
  },
  unordered: {
    rows: 2,
    inParts: true,
    run: (store, key, options) =>
      ledger(store).insertMany(
        [1, 2].map((part) => ({ key, part, n: 1 })),
        { ...options, ordered: false },
      ),
  },
  upsert: {
    rows: 1,
    run: (store, key, options) =>
      ledger(store).updateOne({ _id: key }, { $set: { key }, $inc: { n: 1 } }, { ...options, upsert: true }),
  },
  findOneAndUpdate: {
    rows: 1,
    run: (store, key, options) =>
      ledger(store).findOneAndUpdate({ _id: key }, { $set: { key }, $inc: { n: 1 } }, { ...options, upsert: true }),
  },
  bulk: {
    rows: 3,
    inParts: true,
    run: (store, key, options) =>
      ledger(store).bulkWrite(
        [
          { insertOne: { document: { key, n: 1 } } },
          { updateOne: { filter: { _id: key }, update: { $set: { key }, $inc: { n: 2 } }, upsert: true } },
          { deleteOne: { filter: { key: 'nobody' } } },
        ],
        options,
      ),
  },
  transaction: {
    rows: 2,
    run: (store, key, options) =>
      store.transaction(async (tx) => {
        await ledger(tx).insertOne({ key, part: 1, n: 1 })
        await ledger(tx).findOne({ key })
        await ledger(tx).insertOne({ key, part: 2, n: 1 })
      }, options),
  },
  refused: {
    rows: 0,
    run: (store, key, options) =>
      store.transaction(async (tx) => {
        await ledger(tx).insertOne({ key, n: 1 })
        return err('undo')
      }, options),
  },
  read: { rows: 0, run: (store, _key, options) => ledger(store).countDocuments({ key: 'nobody' }, options) },
  find: { rows: 0, run: (store, _key, options) => ledger(store).find({ key: 'nobody' }, options).toArray() },
}

const unknown = 'LEX_ERR_NOSQL_014'
/** Away, conflicts that last, the time, the transaction ended. */
const expected = new Set(['LEX_ERR_NOSQL_002', 'LEX_ERR_NOSQL_008', 'LEX_ERR_INFRA_002', 'LEX_ERR_NOSQL_006'])

/** Runs one operation and returns what its caller learned. */
export async function runOperation(store: DocumentStore, { kind, key, abortAfter }: RunOptions): Promise<Outcome> {
  const stop = new AbortController()
  const timer = abortAfter > 0 ? setTimeout(() => stop.abort(), abortAfter) : undefined
  try {
    await operations[kind]?.run(store, key, { signal: stop.signal, deadline: Date.now() + 3000 })
    return 'done'
  } catch (error) {
    return outcomeOf(error, stop.signal)
  } finally {
    clearTimeout(timer)
  }
}

function outcomeOf(error: unknown, signal: AbortSignal): Outcome {
  if (error === signal.reason) return 'not done'
  if (error instanceof BulkWriteError) {
    // What was not tried any more has the caller's own reason.
    const failed = error.errors.filter((each) => each.error !== signal.reason)
    const codes = failed.map((each) => codeOf(each.error))
    if (codes.includes(unknown)) return 'unknown'
    const { insertedCount, matchedCount, upsertedCount } = error.result
    if (!codes.every((code) => expected.has(code))) return `unexpected bulk ${codes.join()}`
    // An upsert counts for two.
    const rows = insertedCount + 2 * (matchedCount + upsertedCount)
    return rows === 0 ? 'not done' : `part: ${rows}`
  }
  const code = codeOf(error)
  if (code === unknown) return 'unknown'
  return expected.has(code) ? 'not done' : `unexpected ${code} ${String((error as Error).cause)}`
}

function codeOf(error: unknown): string {
  return isLexigramError(error) ? error.code : String(error)
}
