import type { DriverContext } from '../../../contract/context.ts'
import type { IndexModel } from '../../../contract/index-model.ts'
import type { LockChange } from '../../../optimistic/lock-changes.ts'
import type { FirestoreDocument } from '../codec/codec.ts'
import { locksSuffix } from '../collection-names.ts'
import { getDocuments } from '../reading/documents.ts'
import { mustBeAbsent, mustBeUnchanged, type NativeWrite } from '../writing/native-writes.ts'
import type { Place } from '../place.ts'

/** A lock that a document wants. */
export interface Wanted {
  readonly name: string
  readonly index: Pick<IndexModel, 'name' | 'key'>
  /** The document that may hold it until then. */
  readonly holder: string | undefined
}

/** A lock document, as far as it is there. */
interface Held {
  readonly owner?: string
  readonly updateTime?: string
}

/** What is known of the locks that change. */
export interface LockReading {
  readonly place: Place
  /** The names of the indexes that are ready: each of their documents holds its locks. */
  readonly settled: ReadonlySet<string>
}

export interface LockWrites {
  readonly natives: readonly NativeWrite[]
  readonly wanted: readonly Wanted[]
}

/**
 * Reads, in one request, the locks that their documents should hold and may not, for the index is not ready: Firestore
 * cannot write on the condition of who holds one. None is read while indexes are ready.
 */
export async function readLocks(
  { place, settled }: LockReading,
  changes: readonly LockChange[],
  context: DriverContext,
): Promise<ReadonlyMap<string, Held>> {
  const open = changes.filter(({ holder, index }) => holder !== undefined && !settled.has(index.name))
  if (open.length === 0) return new Map()
  const found = await getDocuments(
    place.transport,
    open.map(({ name }) => lockName(place, name)),
    context,
  )
  return new Map(open.map(({ name }) => [name, heldIn(found.get(lockName(place, name)))]))
}

/** Takes locks, hands them to other documents and releases them, each on the condition that it is what it was. */
export function lockWrites(place: Place, changes: readonly LockChange[], held: ReadonlyMap<string, Held>): LockWrites {
  const asked = changes.filter(({ holder, next }) => next !== undefined || holder === undefined)
  const wanted = asked.map(({ name, index, holder }): Wanted => {
    return { name: lockName(place, name), index, holder: documentName(place, holder) }
  })
  return { natives: changes.map((change) => lockWrite(place, change, held.get(change.name))), wanted }
}

function lockWrite(place: Place, change: LockChange, held: Held | undefined): NativeWrite {
  const name = lockName(place, change.name)
  const holder = documentName(place, change.holder)
  const next = documentName(place, change.next)
  if (next !== undefined) {
    const isOwn = held?.owner !== undefined && held.owner === holder
    return holdWrite({
      name,
      owner: next,
      index: change.index.name,
      currentDocument: isOwn
        ? { updateTime: held.updateTime }
        : // A lock of an index that is ready is held by the document whose own condition guards it.
          { exists: holder !== undefined && held === undefined },
    })
  }
  if (holder === undefined) return mustBeAbsent(name)
  if (held === undefined) return { delete: name }
  const { owner, updateTime } = held
  if (owner === undefined || updateTime === undefined) return mustBeAbsent(name)
  // Another document has the key, and keeps it.
  return owner === holder ? { delete: name, currentDocument: { updateTime } } : mustBeUnchanged(name, updateTime)
}

interface Holding {
  readonly name: string
  readonly owner: string
  readonly index: string
  readonly currentDocument: object
}

export function holdWrite({ name, owner, index, currentDocument }: Holding): NativeWrite {
  const fields = { owner: { referenceValue: owner }, index: { stringValue: index } }
  return { update: { name, fields }, currentDocument }
}

/** Of the locks that were refused, the first that another document holds. */
export async function takenOf(
  { transport }: Place,
  wanted: readonly Wanted[],
  context: DriverContext,
): Promise<Wanted | undefined> {
  if (wanted.length === 0) return undefined
  const names = wanted.map(({ name }) => name)
  const found = await getDocuments(transport, names, context)
  return wanted.find(({ name, holder }) => {
    const { owner } = heldIn(found.get(name))
    return owner !== undefined && owner !== holder
  })
}

export function lockName({ transport, collection }: Place, key: string): string {
  return `${transport.root}/${collection}${locksSuffix}/${key}`
}

export function heldIn(document: FirestoreDocument | undefined): Held {
  const owner = document?.fields?.['owner']?.['referenceValue']
  if (document?.updateTime === undefined) return {}
  return { owner: typeof owner === 'string' ? owner : '', updateTime: document.updateTime }
}

function documentName(place: Place, id: LockChange['holder']): string | undefined {
  return id === undefined ? undefined : place.nameOf(id)
}
