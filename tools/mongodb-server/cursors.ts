import { BSON } from 'mongodb'
import { CommandError } from './command-error.ts'
import type { Reply } from './wire.ts'

const firstBatchSize = 101

/** What is left of answers that did not fit into one reply. */
export interface Cursors {
  /** The first batch of an answer, and a cursor for the rest. */
  open(namespace: string, documents: readonly unknown[], options: BatchOptions): Reply
  /** @throws CommandError `CursorNotFound` */
  next(id: bigint, options: GetMoreOptions): Promise<Reply>
  /** A cursor that goes on for ever: `more` waits for so many milliseconds. */
  follow(namespace: string, source: Followed): Reply
  kill(ids: readonly unknown[]): Reply
  /** Cursors that are still open. */
  readonly count: number
}

export interface GetMoreOptions {
  readonly batchSize?: unknown
  readonly maxTimeMS?: unknown
}

/** What a tailable cursor reads. */
export interface Followed {
  more(waitMs: number): Promise<readonly unknown[]>
  token(): unknown
  isEnded(): boolean
  close(): void
}

export interface BatchOptions {
  readonly batchSize?: unknown
  readonly singleBatch?: unknown
}

/** In bytes: what a server puts into one answer, unless a single document is larger. */
const largestBatch = 16 * 2 ** 20

function batchOf(documents: readonly unknown[], size: number): readonly unknown[] {
  let bytes = 0
  const end = documents.findIndex((document, index) => {
    if (index >= size) return true
    bytes += BSON.calculateObjectSize(document as object, { ignoreUndefined: true })
    return bytes > largestBatch && index > 0
  })
  return end < 0 ? documents : documents.slice(0, end)
}

export function createCursors(): Cursors {
  const open = new Map<bigint, { readonly namespace: string; rest: readonly unknown[] }>()
  const followed = new Map<bigint, { readonly namespace: string; readonly source: Followed }>()
  let last = 0n
  return {
    open(namespace, documents, { batchSize, singleBatch }) {
      const size = singleBatch === true ? documents.length : Number(batchSize ?? firstBatchSize)
      const firstBatch = batchOf(documents, size)
      const rest = documents.slice(firstBatch.length)
      const id = rest.length === 0 || singleBatch === true ? 0n : ++last
      if (id !== 0n) open.set(id, { namespace, rest })
      return { cursor: { id, ns: namespace, firstBatch }, ok: 1 }
    },
    follow(ns, source) {
      const id = ++last
      followed.set(id, { namespace: ns, source })
      return { cursor: { id, ns, firstBatch: [], postBatchResumeToken: source.token() }, ok: 1 }
    },
    async next(id, { batchSize, maxTimeMS }) {
      const tail = followed.get(id)
      if (tail !== undefined) {
        const nextBatch = await tail.source.more(Number(maxTimeMS ?? 1000))
        const isOver = tail.source.isEnded()
        if (isOver) followed.delete(id)
        const cursor = {
          id: isOver ? 0n : id,
          ns: tail.namespace,
          nextBatch,
          postBatchResumeToken: tail.source.token(),
        }
        return { cursor, ok: 1 }
      }
      const cursor = open.get(id)
      if (cursor === undefined) throw new CommandError('CursorNotFound', `cursor id ${id} not found`)
      const size = Number(batchSize ?? 0) || cursor.rest.length
      const nextBatch = batchOf(cursor.rest, size)
      cursor.rest = cursor.rest.slice(nextBatch.length)
      if (cursor.rest.length === 0) open.delete(id)
      return { cursor: { id: cursor.rest.length === 0 ? 0n : id, ns: cursor.namespace, nextBatch }, ok: 1 }
    },
    kill(ids) {
      const [killed, notFound]: [unknown[], unknown[]] = [[], []]
      for (const id of ids) {
        const number = BigInt(String(id))
        followed.get(number)?.source.close()
        ;(open.delete(number) || followed.delete(number) ? killed : notFound).push(id)
      }
      return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 }
    },
    get count() {
      return open.size + followed.size
    },
  }
}
