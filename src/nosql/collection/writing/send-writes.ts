import { asError } from '../../../core/abort-reason.ts'
import { callContext, assertInTime } from '../../store/store-context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { Write, WriteOutcome } from '../../contract/write.ts'
import { sizeOfValue } from '../checks/document-size.ts'
import { isFreed, purgeBeforeCommit } from '../expiry/purge-expired.ts'
import type { ReadContext } from '../reading/read.ts'
import { charged, writeCall } from '../spending.ts'

/**
 * Sends writes in batches that the backend takes, and answers with one outcome for each that was tried. Ordered: the
 * outcomes end with the first that is not `written`. A driver that throws has written nothing of the batch that it was
 * given: the first write of that batch then failed, and nothing after it is tried. Unordered, all of those failed.
 */
export async function sendWrites(
  context: ReadContext,
  collection: DriverCollection,
  { writes, ordered }: { readonly writes: readonly Write[]; readonly ordered: boolean },
): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  while (outcomes.length < writes.length) {
    const start = outcomes.length
    const batch = writes.slice(start, batchEnd(context, writes, start))
    try {
      assertInTime(callContext(context.session, context.options))
      for (const outcome of await sendBatch(context, collection, { writes: batch, ordered })) outcomes.push(outcome)
    } catch (error) {
      if (error instanceof Error) context.session.markFailed(error)
      // Within a transaction nothing is applied that the caller would have to know of.
      if (start === 0 || context.session.transactional) throw error
      const failed = { kind: 'failed', error: asError(error) } as const
      return [...outcomes, ...(ordered ? [failed] : writes.slice(start).map(() => failed))]
    }
    if (ordered && outcomes.at(-1)?.kind !== 'written') return outcomes
  }
  return outcomes
}

/** Position after the writes that fit into one batch; always at least one. */
function batchEnd({ session }: ReadContext, writes: readonly Write[], start: number): number {
  const { limits } = session.store.backend.capabilities
  const end = Math.min(writes.length, start + limits.writeBatch)
  if (limits.batchBytes === Infinity) return end
  let bytes = 0
  for (let at = start; at < end; at++) {
    const write = writes[at] as Write
    bytes += sizeOfValue(
      write.kind === 'delete' ? (write.before.document['_id'] ?? null) : write.document,
      limits,
    ).bytes
    if (bytes > limits.batchBytes && at > start) return at
  }
  return end
}

/** One batch, in which a key held by an expired document is freed once for each write that it refuses. */
async function sendBatch(
  context: ReadContext,
  collection: DriverCollection,
  { writes, ordered }: { readonly writes: readonly Write[]; readonly ordered: boolean },
): Promise<WriteOutcome[]> {
  const call = { ...writeCall(context, context.options), ordered }
  const send = async (batch: readonly Write[]) => charged(context, () => collection.write(batch, call))
  if (collection.keysCheckedAtCommit !== undefined) await purgeBeforeCommit(context, collection, writes)
  const outcomes = [...(await send(writes))]
  if (collection.expiry === undefined || collection.expiry.length === 0) return outcomes
  for (let at = 0; at < outcomes.length; at++) {
    const write = writes[at] as Write // one outcome for each write
    if (!(await isFreed(context, collection, { write, outcome: outcomes[at] as WriteOutcome }))) continue
    const again = await sendAgain(() => send(ordered ? writes.slice(at) : [write]))
    outcomes.splice(at, ordered ? outcomes.length : 1, ...again)
  }
  return outcomes
}

/** Writes of a batch whose others were tried before: what keeps these from being sent says nothing of those. */
async function sendAgain(send: () => Promise<readonly WriteOutcome[]>): Promise<readonly WriteOutcome[]> {
  try {
    return await send()
  } catch (error) {
    return [{ kind: 'failed', error: asError(error) }]
  }
}
