import { CommandError } from './command-error.ts'
import type { Reply } from './wire.ts'

const firstBatchSize = 101

/** What is left of answers that did not fit into one reply. */
export interface Cursors {
  /** The first batch of an answer, and a cursor for the rest. */
  open(namespace: string, documents: readonly unknown[], options: BatchOptions): Reply
  /** @throws CommandError `CursorNotFound` */
  next(id: bigint, batchSize: unknown): Reply
  kill(ids: readonly unknown[]): Reply
  /** Cursors that are still open. */
  readonly count: number
}

export interface BatchOptions {
  readonly batchSize?: unknown
  readonly singleBatch?: unknown
}

export function createCursors(): Cursors {
  const open = new Map<bigint, { readonly namespace: string; rest: readonly unknown[] }>()
  let last = 0n
  return {
    open(namespace, documents, { batchSize, singleBatch }) {
      const size = singleBatch === true ? documents.length : Number(batchSize ?? firstBatchSize)
      const firstBatch = documents.slice(0, size)
      const rest = documents.slice(size)
      const id = rest.length === 0 || singleBatch === true ? 0n : ++last
      if (id !== 0n) open.set(id, { namespace, rest })
      return { cursor: { id, ns: namespace, firstBatch }, ok: 1 }
    },
    next(id, batchSize) {
      const cursor = open.get(id)
      if (cursor === undefined) throw new CommandError('CursorNotFound', `cursor id ${id} not found`)
      const size = Number(batchSize ?? 0) || cursor.rest.length
      const nextBatch = cursor.rest.slice(0, size)
      cursor.rest = cursor.rest.slice(size)
      if (cursor.rest.length === 0) open.delete(id)
      return { cursor: { id: cursor.rest.length === 0 ? 0n : id, ns: cursor.namespace, nextBatch }, ok: 1 }
    },
    kill(ids) {
      const [killed, notFound]: [unknown[], unknown[]] = [[], []]
      for (const id of ids) (open.delete(BigInt(String(id))) ? killed : notFound).push(id)
      return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 }
    },
    get count() {
      return open.size
    },
  }
}
