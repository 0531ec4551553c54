import type { DocumentId, WithId } from '../collection/document-id.ts'
import { idKey } from '../query/value-key.ts'
import { copyValue, type Document } from '../query/value.ts'

/** Finds the documents with these ids, in any order. */
export type FindByIds = (ids: readonly DocumentId[]) => Promise<readonly WithId<Document>[]>

type Waiter = (result: WithId<Document> | null) => void

interface Batch {
  readonly ids: Map<string, DocumentId>
  readonly waiters: Map<string, Waiter[]>
  readonly failures: ((error: unknown) => void)[]
}

const maxIds = 1000

/**
 * Gathers the ids asked for in one tick and fetches them with one query, each once; nothing is kept afterwards. Calls
 * share a query only when their `group` is the same, so that no call ever runs under another's filter.
 */
export class IdBatcher {
  readonly #batches = new Map<string, Batch>()

  load(id: DocumentId, group: string, findByIds: FindByIds): Promise<WithId<Document> | null> {
    const key = idKey(id)
    return new Promise((resolve, reject) => {
      const batch = this.#batches.get(group) ?? this.#open(group, findByIds)
      batch.ids.set(key, id)
      batch.failures.push(reject)
      const waiters = batch.waiters.get(key)
      if (waiters === undefined) batch.waiters.set(key, [resolve])
      else waiters.push(resolve)
      if (batch.ids.size >= maxIds) this.#batches.delete(group)
    })
  }

  #open(group: string, findByIds: FindByIds): Batch {
    const batch: Batch = { ids: new Map(), waiters: new Map(), failures: [] }
    this.#batches.set(group, batch)
    // Two turns of the microtask queue, so that callers that had to await something small still get on.
    void Promise.resolve()
      .then(() => undefined)
      .then(() => {
        if (this.#batches.get(group) === batch) this.#batches.delete(group)
        return settle(batch, findByIds)
      })
    return batch
  }
}

async function settle(batch: Batch, findByIds: FindByIds): Promise<void> {
  try {
    const found = new Map<string, WithId<Document>>()
    for (const document of await findByIds([...batch.ids.values()])) found.set(idKey(document._id), document)
    for (const [key, waiters] of batch.waiters) {
      const document = found.get(key) ?? null
      for (const [index, resolve] of waiters.entries())
        resolve(index === 0 || document === null ? document : copyValue(document))
    }
  } catch (error) {
    for (const reject of batch.failures) reject(error)
  }
}
