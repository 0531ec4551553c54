import { idIndex } from '../../../contract/index-model.ts'
import type { DriverContext } from '../../../contract/context.ts'
import { UnsupportedOperationError, WriteConflictError } from '../../../errors.ts'
import type { BufferedBackend, CommitRead, CommitRequest } from '../../../optimistic/buffered-transaction.ts'
import { duplicateKey } from '../../../contract/duplicate-key.ts'
import { uniqueIndexes } from '../../../optimistic/unique-indexes.ts'
import type { Revision } from '../codec/codec.ts'
import { indexesOf } from '../../../optimistic/kept-indexes.ts'
import { openAtMoment, type Database } from '../collection.ts'
import { getDocuments } from '../reading/documents.ts'
import { FirestoreFailure, toWriteFailure } from '../errors.ts'
import { assertOneCollection } from '../reading/group.ts'
import { nameForWrite, settledOf } from '../reading/groups.ts'
import { lockWrites, readLocks, takenOf, type Wanted } from '../indexes/locks.ts'
import type { Moment } from '../reading/moment.ts'
import {
  commitBytes,
  commitSize,
  largestField,
  mustBeAbsent,
  mustBeUnchanged,
  nativeWrite,
  type NativeWrite,
} from './native-writes.ts'
import { placeOf, type Place } from '../place.ts'

/**
 * Transactions that hold nothing in Firestore: reads at the moment of the first one, and one `commit` with a precondition
 * for everything that was read by `_id` or written. Firestore's own transactions lock what they read until they end, or
 * for a minute after their process has died.
 */
export function transactionBackend(database: Database): BufferedBackend {
  const moment: Moment = {}
  return {
    maxWrites: commitSize,
    snapshotReads: true,
    sameRevision: (a, b) => (a as Revision).updateTime === (b as Revision).updateTime,
    collection: (name, spec, context) => openAtMoment(database, { name, spec, moment }, context),
    async uniqueIndexes(name, spec, context) {
      return uniqueIndexes((await indexesOf(database, { name, spec }, context)).kept)
    },
    commit: (request, context) => commit(database, request, context),
  }
}

/** The writes of a commit, and what another client may have been faster with. */
interface Prepared {
  readonly natives: readonly NativeWrite[]
  readonly wanted: readonly (Wanted & { readonly place: Place })[]
  /** Documents that must not be there yet. */
  readonly inserted: readonly { readonly name: string; readonly place: Place }[]
}

async function commit(database: Database, request: CommitRequest, context: DriverContext): Promise<void> {
  const prepared = await prepare(database, request, context)
  const { natives } = prepared
  // Documents with an `_id` that Firestore cannot hold are not there, and never will be.
  if (natives.length === 0) return
  assertFits(natives)
  try {
    // There is no token that would make a repeated commit the same one.
    await database.transport.call('commit', { writes: natives }, { context, isIdempotent: false })
  } catch (error) {
    if (!(error instanceof FirestoreFailure)) throw error
    if (error.status === 'ALREADY_EXISTS') await throwDuplicate(database, prepared, context)
    if (!refused.has(error.status)) throw toWriteFailure(error, () => largestField(natives))
    throw new WriteConflictError('the transaction cannot commit: another client wrote one of its documents in between')
  }
}

const refused = new Set(['ALREADY_EXISTS', 'FAILED_PRECONDITION', 'NOT_FOUND', 'ABORTED'])

async function prepare(database: Database, request: CommitRequest, context: DriverContext): Promise<Prepared> {
  const natives: NativeWrite[] = []
  const wanted: (Wanted & { readonly place: Place })[] = []
  const inserted: { readonly name: string; readonly place: Place }[] = []
  for (const { collection, write, wasMissing } of request.writes) {
    assertOneCollection(collection)
    const place = placeOf(database.transport, collection)
    const name = nameForWrite(place, write)
    natives.push(nativeWrite(name, write))
    if (write.kind === 'insert' && !wasMissing) inserted.push({ name, place })
  }
  for (const [collection, locks] of groupBy(request.locks, (lock) => lock.collection)) {
    const place = placeOf(database.transport, collection)
    const settled = settledOf(await indexesOf(database, { name: collection, spec: locks[0]?.spec }, context))
    const made = lockWrites(place, locks, await readLocks({ place, settled }, locks, context))
    natives.push(...made.natives)
    wanted.push(...made.wanted.map((lock) => ({ ...lock, place })))
  }
  for (const read of request.unchanged) {
    const place = placeOf(database.transport, read.collection)
    const name = place.nameOf(read.id)
    if (name === undefined) continue
    natives.push(check(name, read))
    if (read.wasInserted === true) inserted.push({ name, place })
  }
  return { natives, wanted, inserted }
}

function check(name: string, { revision }: CommitRead): NativeWrite {
  if (revision === undefined) return mustBeAbsent(name)
  return mustBeUnchanged(name, (revision as Revision).updateTime) // made by this driver's reads
}

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Firestore does not say which document was in the way. */
async function throwDuplicate(
  { transport }: Database,
  { wanted, inserted }: Prepared,
  context: DriverContext,
): Promise<void> {
  for (const locks of groupBy(wanted, ({ place }) => place.collection).values()) {
    const [{ place }] = locks as [(typeof locks)[number]] // a group has one at least
    const taken = await takenOf(place, locks, context)
    if (taken !== undefined) throw duplicateKey(place.collection, taken.index)
  }
  const names = inserted.map(({ name }) => name)
  const found = await getDocuments(transport, names, context)
  const rival = inserted.find(({ name }) => found.has(name))
  if (rival !== undefined) throw duplicateKey(rival.place.collection, idIndex)
}

function assertFits(natives: readonly NativeWrite[]): void {
  if (natives.length > commitSize) {
    throw new UnsupportedOperationError(
      `a transaction cannot have ${natives.length} writes: Firestore takes ${commitSize}, locks of unique keys and documents that were read included`,
      { hint: 'Split the work.' },
    )
  }
  const bytes = new TextEncoder().encode(JSON.stringify({ writes: natives })).length
  if (bytes > commitBytes) {
    throw new UnsupportedOperationError(
      `a transaction cannot have ${bytes} bytes: Firestore takes ${commitBytes} in one request`,
      { hint: 'Split the work.' },
    )
  }
}
