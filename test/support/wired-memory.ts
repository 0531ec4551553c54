import type { DriverContext } from '../../src/nosql/contract/context.ts'
import type { DocumentBackend, DocumentDriver } from '../../src/nosql/contract/driver.ts'
import type { DriverCollection } from '../../src/nosql/contract/driver-collection.ts'
import type { DriverPage, ReadPlan, StoredDocument } from '../../src/nosql/contract/query.ts'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { memory } from '../../src/nosql/drivers/memory/memory-driver.ts'
import { NoSQLConnectionError, UnknownOutcomeError } from '../../src/nosql/errors.ts'
import type { RequestFault, RequestFaults, RequestMeter } from '../../src/testing/document-store-conformance/wire.ts'

/** The memory driver as if a network were between, on which requests are counted and spoilt. */
export interface WiredMemory {
  readonly driver: DocumentDriver
  readonly requests: RequestMeter
  readonly faults: RequestFaults
}

/** Documents of one page of a read, but for reads by `_id`. */
const pageSize = 20

class LostAnswer extends Error {}

type Send = <T>(context: DriverContext, work: () => Promise<T>) => Promise<T>

export function wiredMemory(): WiredMemory {
  const inner = memory({ aggregation: aggregation() })
  let sent = 0
  let held = 0
  let left = 0
  let fault: RequestFault = 'refuse'
  const send: Send = async (context, work) => {
    context.signal?.throwIfAborted()
    sent += 1
    const happening = left > 0 ? fault : undefined
    left = Math.max(0, left - 1)
    if (happening === 'refuse') throw new NoSQLConnectionError('the request cannot complete: it was refused')
    const answer = await work()
    if (happening === 'lose the answer') throw new LostAnswer('the answer was lost')
    if (happening !== 'hold the answer') return answer
    held += 1
    return untilAborted(context.signal).finally(() => (held -= 1))
  }
  return {
    driver: { ...inner, name: 'wired', open: (settings) => wired(inner.open(settings), send) },
    // Updates and deletions are read, applied and written.
    requests: { sent: () => sent, expected: { updateOne: 2, deleteOne: 2 } },
    faults: {
      inject(next, times) {
        fault = next
        left = times
      },
      open: () => held,
    },
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

function wired(backend: DocumentBackend, send: Send): DocumentBackend {
  return {
    ...backend,
    collection: async (...args) => wiredCollection(await backend.collection(...args), send),
    async begin(context) {
      const transaction = await backend.begin!(context) // the memory driver has transactions
      return {
        collection: (...args) => transaction.collection(...args),
        abort: (call) => transaction.abort(call),
        commit: (call) =>
          send(call, () => transaction.commit(call)).catch((error: unknown) => {
            throw error instanceof LostAnswer ? new UnknownOutcomeError('the commit was not answered') : error
          }),
      }
    },
  }
}

function wiredCollection(collection: DriverCollection, send: Send): DriverCollection {
  return {
    ...collection,
    async plan(query, context) {
      const plan = await collection.plan(query, context)
      const explanation = plan.explain()
      const estimatedRequests = explanation.access === 'none' ? 0 : 1
      return {
        ...plan,
        explain: () => ({ ...explanation, estimatedRequests }),
        read: (call) => pages(plan, call, send),
      }
    },
    async write(writes, context) {
      let isSent = false
      try {
        return await send(context, () => {
          isSent = true
          return collection.write(writes, context)
        })
      } catch (error) {
        const failure = error as Error
        return writes.map(() => ({ kind: isSent ? 'unsure' : 'failed', error: failure }) as const)
      }
    },
  }
}

async function* pages(
  plan: ReadPlan,
  context: DriverContext,
  send: Send,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  const { access } = plan.explain()
  if (access === 'none') return
  const all: StoredDocument[] = []
  for await (const { documents } of plan.read(context)) all.push(...documents)
  const size = access === 'get' ? Infinity : pageSize
  for (let start = 0; start === 0 || start < all.length; start += size) {
    const documents = all.slice(start, start + size)
    yield await send(context, async () => ({ documents, scanned: documents.length, requests: 1 })).catch(
      (error: unknown) => {
        throw error instanceof LostAnswer
          ? new NoSQLConnectionError('the read cannot complete', { cause: error })
          : error
      },
    )
  }
}
