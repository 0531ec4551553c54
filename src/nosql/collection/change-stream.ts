import type { DriverChange, DriverChanges } from '../contract/change.ts'
import type { Document, Value } from '../query/value.ts'
import { holdToArguments } from '../../core/known-arguments.ts'
import { assertFields } from '../../core/plain-object.ts'
import type { WithId } from './document-id.ts'
import type { IdOf } from './types/stored.ts'

/** Where a stream of changes can go on: plain data, to be kept and sent as JSON. */
export interface ResumeToken {
  readonly _data: string
}

/** One change of a document, named as MongoDB's driver names it. */
export interface ChangeEvent<T = Document> {
  /** Pass it as `resumeAfter` for the changes after this one. */
  readonly _id: ResumeToken
  readonly operationType: 'insert' | 'update' | 'replace' | 'delete'
  readonly ns: { readonly coll: string }
  readonly documentKey: { readonly _id: IdOf<T> }
  /**
   * What was inserted, or took the place of another; with `fullDocument: 'updateLookup'` also of an update, as it is when
   * the event is read, and null when it is gone by then; on DynamoDB as the update left it.
   */
  readonly fullDocument?: WithId<T> | null
  readonly wallTime: Date
}

/**
 * The changes of a collection, from `watch`. It ends with `close`, with the scope of its store, and when the collection is
 * dropped or renamed.
 *
 * @example
 * import type { Collection } from 'lexigram-edge/nosql'
 *
 * export async function log(orders: Collection<Order>, signal: AbortSignal) {
 *   await using changes = await orders.watch({ signal })
 *   for await (const { operationType, documentKey } of changes) console.log(operationType, documentKey._id)
 * }
 */
export class ChangeStream<T = Document> implements AsyncIterable<ChangeEvent<T>>, AsyncDisposable {
  readonly #pages: AsyncIterator<readonly DriverChange[]>
  readonly #source: StreamSource
  readonly #position: (() => string | undefined) | undefined
  #page: readonly DriverChange[] = []
  #at = 0
  #token: string | undefined
  #closed = false
  #closing: Promise<void> | undefined

  /** @internal Streams are made by collections. */
  constructor(opened: DriverChanges, source: StreamSource) {
    assertFields(source, 'the source of a change stream')
    assertFields(assertFields(opened, 'what a change stream reads').changes, 'the changes of a stream')
    this.#pages = opened.changes[Symbol.asyncIterator]()
    this.#token = opened.token
    this.#position = opened.position
    this.#source = source
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Behind the last event that was read, or further on where other collections had the next; where the stream began. */
  get resumeToken(): ResumeToken | undefined {
    const isAllRead = this.#at >= this.#page.length
    const token = (isAllRead ? this.#position?.() : undefined) ?? this.#token
    return token === undefined ? undefined : { _data: token }
  }

  /** Waits for the next change; null when the stream has ended. @throws the reason of its signal */
  async next(): Promise<ChangeEvent<T> | null> {
    while (this.#at >= this.#page.length) if (!(await this.#nextPage())) return null
    const change = this.#page[this.#at++] as DriverChange
    this.#token = change.token
    return toEvent<T>(change, this.#source.collection)
  }

  /** Ends the stream, also while `next` waits. Closing twice is harmless. */
  close(): Promise<void> {
    this.#closed = true
    this.#page = []
    this.#source.end()
    return (this.#closing ??= Promise.resolve(this.#pages.return?.()).then(() => undefined))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.asyncIterator](): AsyncIterator<ChangeEvent<T>, undefined> {
    return {
      next: async () => {
        const value = await this.next()
        return value === null ? { done: true, value: undefined } : { done: false, value }
      },
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
    }
  }

  async #nextPage(): Promise<boolean> {
    if (this.#closed) return false
    this.#page = []
    this.#at = 0
    try {
      const step = await this.#pages.next()
      this.#source.signal?.throwIfAborted()
      if (step.done === true) await this.close()
      else if (!this.#closed) this.#page = step.value
    } catch (error) {
      await this.close()
      throw error
    }
    return !this.#closed
  }
}

holdToArguments(ChangeStream.prototype, { byPromise: { next: 0 } })

/** What a stream belongs to. */
export interface StreamSource {
  readonly collection: string
  /** The caller's. */
  readonly signal: AbortSignal | undefined
  /** Releases what the backend holds. */
  readonly end: () => void
}

function toEvent<T>({ kind, id, document, token, at }: DriverChange, coll: string): ChangeEvent<T> {
  return {
    _id: { _data: token },
    operationType: kind,
    ns: { coll },
    // Stored in this collection, and so of its type.
    documentKey: { _id: id as Value & IdOf<T> },
    ...(document !== undefined && { fullDocument: document as WithId<T> | null }),
    wallTime: at,
  }
}
