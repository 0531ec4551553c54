import { isThenable } from '../../core/time-limit.ts'
import type { DriverContext, MaybePromise } from '../contract/context.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DocumentDriverTransaction } from '../contract/driver.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { Write } from '../contract/write.ts'
import type { UniqueIndex } from '../keys/lock-keys.ts'
import { bufferedCollection } from './buffered-collection.ts'
import { lockChanges, type DocumentChange, type LockChange } from './lock-changes.ts'
import { OwnWrites, type OwnRead, type OwnWrite } from './own-writes.ts'

/** What a backend without locks does for a buffered transaction. One of these serves one attempt. */
export interface BufferedBackend {
  /** Documents that one commit may write. */
  readonly maxWrites: number
  /** All reads see one moment, so that what was only read needs no check where nothing is written. */
  readonly snapshotReads: boolean
  /** Whether two revisions of a document are the same one. @default `===` */
  readonly sameRevision?: (a: unknown, b: unknown) => boolean
  /**
   * Reads at the transaction's moment, where the backend has one; nothing is written through it. A plan by `_id` (`get`)
   * reads every document with one of those ids, whatever else the filter says.
   */
  collection(name: string, spec: CollectionSpec | undefined, context: DriverContext): MaybePromise<DriverCollection>
  /** The unique indexes that this package keeps by locks; empty where the backend has its own. */
  uniqueIndexes(
    name: string,
    spec: CollectionSpec | undefined,
    context: DriverContext,
  ): MaybePromise<readonly UniqueIndex[]>
  /**
   * Everything or nothing, in one request.
   *
   * @throws WriteConflictError when a document is not what it was; another attempt may succeed
   * @throws DuplicateKeyError when an inserted `_id` or a lock belongs to another document
   * @throws UnsupportedOperationError when it is more than the backend takes at once; nothing was sent
   * @throws UnknownOutcomeError when it was sent and no answer came
   */
  commit(request: CommitRequest, context: DriverContext): Promise<void>
}

/** A transaction, as one request. A document is in it once: as a write, or as one that must be unchanged. */
export interface CommitRequest {
  /** The same for every time this request is sent, and no other. */
  readonly token: string
  readonly writes: readonly CommitWrite[]
  /** Documents that were read by `_id` and not written. */
  readonly unchanged: readonly CommitRead[]
  readonly locks: readonly (LockChange & Place)[]
}

interface Place {
  readonly collection: string
  readonly spec: CollectionSpec | undefined
}

export interface CommitWrite extends Place {
  /** Conditional: an insert on that the document is not there, the others on the revision of `before`. */
  readonly write: Write
  /** The transaction has read that there is no such document: if there is one now, that is a conflict, not a duplicate. */
  readonly wasMissing: boolean
}

export interface CommitRead extends Place, OwnRead {
  /** The transaction has inserted and deleted it, without a look: a document that is there is a duplicate, not a conflict. */
  readonly wasInserted?: boolean
}

interface Participant extends Place {
  readonly own: OwnWrites
}

/**
 * A transaction for backends without locks: reads go to the backend, writes stay in memory, where the transaction's own
 * reads see them, and one atomic commit is conditional on all that was read by `_id` or written. Nothing is held at the
 * backend meanwhile, so that an abandoned transaction disturbs no other client.
 *
 * @example
 * begin: async () => bufferedTransaction({ maxWrites: 100, snapshotReads: false, collection, uniqueIndexes, commit })
 */
export function bufferedTransaction(backend: BufferedBackend): DocumentDriverTransaction {
  const participants = new Map<string, Participant>()
  const written = () => [...participants.values()].reduce((count, { own }) => count + own.written.size, 0)
  const isFull = () => written() >= backend.maxWrites
  const { sameRevision } = backend
  const join = (place: Place, indexes: readonly UniqueIndex[]): Participant => {
    const { collection } = place
    let participant = participants.get(collection)
    if (participant === undefined) {
      participant = {
        ...place,
        own: new OwnWrites({ collection, indexes, isFull, maxWrites: backend.maxWrites, sameRevision }),
      }
      participants.set(collection, participant)
    }
    return participant
  }
  return {
    collection(name, spec, context) {
      const place = { collection: name, spec }
      const base = backend.collection(name, spec, context)
      const indexes = backend.uniqueIndexes(name, spec, context)
      if (!isThenable(base) && !isThenable(indexes)) return bufferedCollection(base, join(place, indexes).own)
      return Promise.all([base, indexes]).then(([reader, known]) => bufferedCollection(reader, join(place, known).own))
    },
    async commit(context) {
      const request = await commitRequest([...participants.values()], backend, context)
      const { writes, unchanged, locks } = request
      // One read is one moment by itself.
      const holds = backend.snapshotReads || unchanged.length < 2
      const isRead = writes.length === 0 && locks.length === 0 && !unchanged.some(({ wasInserted }) => wasInserted)
      if (isRead && holds) return
      await backend.commit(request, context)
    },
    abort: () => Promise.resolve(),
  }
}

async function commitRequest(
  participants: readonly Participant[],
  backend: BufferedBackend,
  context: DriverContext,
): Promise<CommitRequest> {
  const writes: CommitWrite[] = []
  const unchanged: CommitRead[] = []
  const locks: (LockChange & Place)[] = []
  for (const { own, ...place } of participants) {
    for (const [key, read] of own.read) if (!own.written.has(key)) unchanged.push({ ...place, ...read })
    const changes: DocumentChange[] = []
    for (const [key, done] of own.written) {
      const write = toWrite(done)
      const wasMissing = own.read.has(key) && own.read.get(key)?.revision === undefined
      if (write !== undefined) writes.push({ ...place, write, wasMissing })
      // Inserted and deleted again: it must not have been there.
      else unchanged.push({ ...place, id: done.id, revision: undefined, wasInserted: !wasMissing })
      changes.push({ id: done.id, before: done.before?.document, after: done.document })
    }
    if (changes.length === 0) continue
    // Asked for anew: an index may have been begun while the callback was running.
    const indexes = await backend.uniqueIndexes(place.collection, place.spec, context)
    const changed = await lockChanges(changes, indexes)
    locks.push(...[...changed, ...freeAgain(own, changed)].map((change) => ({ ...place, ...change })))
  }
  return { token: crypto.randomUUID(), writes, unchanged, locks }
}

/** The locks that the transaction has taken and left: they must be free. */
function freeAgain({ claims }: OwnWrites, changed: readonly LockChange[]): readonly LockChange[] {
  const names = new Set(changed.map(({ name }) => name))
  const left = [...claims].filter(([name]) => !names.has(name))
  return left.map(([name, index]) => ({ name, index, holder: undefined, next: undefined }))
}

function toWrite({ before, document, generatedId, replaces }: OwnWrite): Write | undefined {
  if (before === undefined) return document && { kind: 'insert', document, generatedId }
  return document === undefined ? { kind: 'delete', before } : { kind: 'replace', before, document, replaces }
}
