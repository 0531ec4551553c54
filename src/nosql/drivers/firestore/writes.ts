import { idIndex } from '../../contract/index-model.ts'
import type { Write, WriteContext, WriteOutcome } from '../../contract/write.ts'
import { UnknownOutcomeError } from '../../errors.ts'
import { duplicateKey } from '../../optimistic/duplicate-key.ts'
import type { KeptIndexes } from '../../optimistic/kept-indexes.ts'
import { lockChanges, type DocumentChange, type LockChange } from '../../optimistic/lock-changes.ts'
import { uniqueIndexes } from '../../optimistic/unique-indexes.ts'
import { documentIdOf } from './codec.ts'
import { getDocuments } from './documents.ts'
import { FirestoreFailure, toReadError, toWriteFailure } from './errors.ts'
import { lockWrites, readLocks, takenOf, type Wanted } from './locks.ts'
import { areApart, commitSize, nativeWrite, type NativeWrite } from './native-writes.ts'
import type { Place } from './place.ts'

/** Everything that one write of the portable layer needs: the document and the locks of its unique keys. */
export interface Group {
  readonly write: Write
  readonly name: string
  readonly natives: readonly NativeWrite[]
  readonly wanted: readonly Wanted[]
}

export interface WriteTarget {
  readonly place: Place
  readonly indexes: KeptIndexes
}

/**
 * All writes in one commit where that is possible; where one of them is in the way of the others, each by itself. What
 * needs no locks and no order is one `batchWrite`, which says of each what became of it.
 */
export async function sendWrites(
  target: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const groups = await groupsOf(target, writes, context)
  const size = groups.reduce((sum, { natives }) => sum + natives.length, 0)
  if (groups.length === 1) return [await commitGroup(target, groups, context)]
  const isOneCommit = areApart(groups.flatMap(({ natives }) => natives))
  if (!context.ordered && isOneCommit && size === groups.length) return batchWrite(target, groups, context)
  if (isOneCommit && size <= commitSize) {
    const outcome = await commitGroup(target, groups, context)
    if (outcome.kind === 'written') return groups.map(() => outcome)
    if (outcome.kind === 'unsure') return groups.map(() => outcome)
  }
  return oneByOne(target, groups, context)
}

async function oneByOne(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  for (const group of groups) {
    const outcome = await commitGroup(target, [group], context)
    outcomes.push(outcome)
    if (context.ordered && outcome.kind !== 'written') break
  }
  return outcomes
}

/** The writes with their locks. @throws before anything is written */
async function groupsOf(
  { place, indexes }: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly Group[]> {
  const unique = uniqueIndexes(indexes.kept)
  const changes = await Promise.all(writes.map((write) => lockChanges([changeOf(write)], unique)))
  const held = await readLocks({ place, settled: settledOf(indexes) }, changes.flat(), context)
  return writes.map((write, at) => {
    const name = nameForWrite(place, write)
    const locks = lockWrites(place, changes[at] as readonly LockChange[], held)
    return { write, name, natives: [nativeWrite(name, write), ...locks.natives], wanted: locks.wanted }
  })
}

function changeOf(write: Write): DocumentChange {
  if (write.kind === 'insert') return { id: write.document['_id'] ?? null, after: write.document }
  const { document: before } = write.before
  return { id: before['_id'] ?? null, before, ...(write.kind === 'replace' && { after: write.document }) }
}

/** The name of the document. Ids were checked by the portable layer; one that Firestore cannot have is refused here. */
export function nameForWrite({ transport, collection }: Place, write: Write): string {
  const document = write.kind === 'delete' ? write.before.document : write.document
  return `${transport.root}/${collection}/${documentIdOf(document['_id'] ?? null)}`
}

/** The indexes that are ready. */
export function settledOf({ usable }: KeptIndexes): ReadonlySet<string> {
  return new Set(usable.map(({ name }) => name))
}

async function commitGroup(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<WriteOutcome> {
  // Whoever made the ids just now may repeat an insert: only it can have stored them.
  const isIdempotent = groups.every(({ write }) => write.kind === 'insert' && write.generatedId)
  try {
    const writes = groups.flatMap(({ natives }) => natives)
    await target.place.transport.call('commit', { writes }, { context, isIdempotent })
    return { kind: 'written' }
  } catch (error) {
    const [only, ...others] = groups
    if (only !== undefined && others.length === 0) return outcomeOf(target, only, { error, context })
    return failedOutcome(error)
  }
}

interface Failed {
  readonly error: unknown
  readonly context: WriteContext
}

/** What became of one write whose commit was refused. */
async function outcomeOf(target: WriteTarget, group: Group, { error, context }: Failed): Promise<WriteOutcome> {
  if (!(error instanceof FirestoreFailure)) throw error
  const { status } = error
  if (status === 'FAILED_PRECONDITION' || status === 'NOT_FOUND' || status === 'ABORTED') return { kind: 'conflict' }
  if (status !== 'ALREADY_EXISTS') return failedOutcome(error)
  try {
    return await refusalOf(target.place, group, context)
  } catch (reading) {
    // Nothing was written, unless an attempt before went unanswered.
    const failed = toReadError(reading)
    return error.mayBeDone ? { kind: 'unsure', error: failed } : { kind: 'failed', error: failed }
  }
}

/** Firestore does not say which of the documents was there already. */
async function refusalOf(place: Place, { write, name, wanted }: Group, context: WriteContext): Promise<WriteOutcome> {
  if (write.kind === 'insert') {
    const isThere = (await getDocuments(place.transport, [name], context)).has(name)
    // Nobody else has this `_id`: an attempt that was not answered has stored it.
    if (isThere && write.generatedId) return { kind: 'written' }
    if (isThere) return { kind: 'failed', error: duplicateKey(place.collection, idIndex) }
  }
  const taken = await takenOf(place, wanted, context)
  // Else whatever was in the way is gone again.
  return taken === undefined
    ? { kind: 'conflict' }
    : { kind: 'failed', error: duplicateKey(place.collection, taken.index) }
}

function failedOutcome(error: unknown): WriteOutcome {
  if (error instanceof FirestoreFailure && error.status === 'ABORTED') return { kind: 'conflict' }
  const known = toWriteFailure(error)
  return known instanceof UnknownOutcomeError ? { kind: 'unsure', error: known } : { kind: 'failed', error: known }
}

interface BatchAnswer {
  readonly status?: readonly { readonly code?: number; readonly message?: string }[]
}

/** Google's numbers for what its REST API calls by name. @see https://grpc.io/docs/guides/status-codes/ */
const statusNames: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  11: 'OUT_OF_RANGE',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
}

async function batchWrite(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const isIdempotent = groups.every(({ write }) => write.kind === 'insert' && write.generatedId)
  const writes = groups.flatMap(({ natives }) => natives)
  let answer: BatchAnswer
  try {
    answer = (await target.place.transport.call('batchWrite', { writes }, { context, isIdempotent })) as BatchAnswer
  } catch (error) {
    const outcome = failedOutcome(error)
    return groups.map(() => outcome)
  }
  return Promise.all(
    groups.map(async (group, index): Promise<WriteOutcome> => {
      const { code = 0, message } = answer.status?.[index] ?? {}
      if (code === 0) return { kind: 'written' }
      const error = new FirestoreFailure(
        statusNames[code] ?? 'UNKNOWN',
        message === undefined ? {} : { answer: message },
      )
      return outcomeOf(target, group, { error, context })
    }),
  )
}
