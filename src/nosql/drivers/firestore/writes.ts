import { DuplicateKeyError } from '../../../core/errors.ts'
import type { Write, WriteContext, WriteOutcome } from '../../contract/write.ts'
import { DocumentValidationError, UnknownOutcomeError } from '../../errors.ts'
import { documentIdOf, encodeDocument, type FirestoreDocument, type Revision } from './codec.ts'
import { FirestoreFailure, toReadError, toWriteFailure, unanswered } from './errors.ts'
import type { Place } from './place.ts'
import type { Lock, Locks } from './unique.ts'

/** One write of the REST API. */
export type NativeWrite = Readonly<Record<string, unknown>>

/** Everything that one write of the portable layer needs: the document and the locks of its unique keys. */
export interface Group {
  readonly write: Write
  readonly name: string
  readonly natives: readonly NativeWrite[]
  readonly locks: readonly Lock[]
}

export interface WriteTarget {
  readonly place: Place
  readonly locks: Locks
}

/** Writes of one commit. */
export const commitSize = 500

/**
 * All writes in one commit where that is possible; where one of them is in the way of the others, each by itself. What
 * needs no locks and no order is one `batchWrite`, which says of each what became of it.
 */
export async function sendWrites(
  target: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const { groups, refused } = await groupsOf(target, writes, context)
  if (groups.length === 0) return [...refused.values()]
  const outcomes = await sendGroups(target, groups, context)
  if (refused.size === 0) return outcomes
  // What could not be sent takes its place among the others; where the order counts, it is the last.
  const left = [...outcomes]
  const all: WriteOutcome[] = []
  for (const at of writes.keys()) {
    const outcome = refused.get(at) ?? left.shift()
    if (outcome === undefined) break
    all.push(outcome)
  }
  return all
}

/** The writes that can be sent, and what is refused before that: text that Firestore cannot hold. */
async function groupsOf(target: WriteTarget, writes: readonly Write[], { ordered }: WriteContext) {
  const groups: Group[] = []
  const refused = new Map<number, WriteOutcome>()
  for (const [at, write] of writes.entries()) {
    try {
      groups.push(await groupOf(target, write))
    } catch (error) {
      if (!(error instanceof DocumentValidationError)) throw error
      refused.set(at, { kind: 'failed', error })
      if (ordered) break
    }
  }
  return { groups, refused }
}

async function sendGroups(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const size = groups.reduce((sum, { natives }) => sum + natives.length, 0)
  if (groups.length === 1) return [await commitGroup(target, groups, context)]
  const areApart = new Set(groups.map(({ name }) => name)).size === groups.length
  if (!context.ordered && areApart && size === groups.length) return batchWrite(target, groups, context)
  if (areApart && size <= commitSize) {
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

export async function groupOf({ place, locks }: WriteTarget, write: Write): Promise<Group> {
  const document = write.kind === 'delete' ? write.before.document : write.document
  // Ids were checked by the portable layer; one that Firestore cannot have is refused here.
  const name = `${place.transport.root}/${place.collection}/${documentIdOf(document['_id'] ?? null)}`
  const wanted = write.kind === 'delete' ? [] : await locks.of(write.document)
  const held = write.kind === 'insert' ? [] : await locks.of(write.before.document)
  const added = wanted.filter((lock) => !held.some((other) => other.name === lock.name))
  const dropped = held.filter((lock) => !wanted.some((other) => other.name === lock.name))
  return {
    write,
    name,
    locks: added,
    natives: [
      nativeWrite(name, write),
      ...added.map((lock) => lockWrite(lock, name)),
      ...dropped.map((lock) => ({ delete: lock.name })),
    ],
  }
}

function nativeWrite(name: string, write: Write): NativeWrite {
  if (write.kind === 'insert') {
    return { update: { name, fields: encodeDocument(write.document) }, currentDocument: { exists: false } }
  }
  const { updateTime, fields } = write.before.revision as Revision // made by this driver's reads
  if (write.kind === 'delete') return { delete: name, currentDocument: { updateTime } }
  return { update: { name, fields: encodeDocument(write.document, fields) }, currentDocument: { updateTime } }
}

function lockWrite(lock: Lock, owner: string): NativeWrite {
  const fields = { owner: { referenceValue: owner }, index: { stringValue: lock.index.name } }
  return { update: { name: lock.name, fields }, currentDocument: { exists: false } }
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
  if (!(error instanceof FirestoreFailure)) return failedOutcome(error)
  const { status } = error
  if (status === 'FAILED_PRECONDITION' || status === 'NOT_FOUND') return { kind: 'conflict' }
  if (status !== 'ALREADY_EXISTS') return failedOutcome(error)
  const names = [...(group.write.kind === 'insert' ? [group.name] : []), ...group.locks.map(({ name }) => name)]
  let found: readonly string[]
  try {
    found = await existing(target.place, names, context)
  } catch (failed) {
    // Whether it was an earlier attempt of this very write that is there, only reading could tell.
    if (group.write.kind === 'insert' && group.write.generatedId) return { kind: 'unsure', error: unanswered(failed) }
    return { kind: 'failed', error: toReadError(failed) }
  }
  // Nobody else can have an id that was made just now: an earlier attempt, whose answer was lost, has stored it.
  const isOwn = group.write.kind === 'insert' && group.write.generatedId && found.includes(group.name)
  if (isOwn) return { kind: 'written' }
  const taken = group.locks.find(({ name }) => found.includes(name))
  if (taken !== undefined)
    return {
      kind: 'failed',
      error: duplicateKey(
        target.place,
        taken.index.key.map(([path]) => path),
        taken.index.name,
      ),
    }
  if (found.includes(group.name)) return { kind: 'failed', error: duplicateKey(target.place, ['_id'], '_id_') }
  // Whatever was in the way is gone again.
  return { kind: 'conflict' }
}

function failedOutcome(error: unknown): WriteOutcome {
  if (error instanceof FirestoreFailure && error.status === 'ABORTED' && error.notCarriedOut)
    return { kind: 'conflict' }
  const known = toWriteFailure(error)
  return known instanceof UnknownOutcomeError ? { kind: 'unsure', error: known } : { kind: 'failed', error: known }
}

export function duplicateKey(place: Place, fields: readonly string[], index: string): DuplicateKeyError {
  return new DuplicateKeyError(`a document with this ${fields.join(', ')} is already in '${place.collection}'`, {
    details: { collection: place.collection, index, fields },
    publicMessage: 'a document with this key exists already',
  })
}

async function existing(
  { transport }: Place,
  names: readonly string[],
  context: WriteContext,
): Promise<readonly string[]> {
  const answers = (await transport.call(
    'batchGet',
    { documents: names, mask: { fieldPaths: ['__name__'] } },
    { context, isIdempotent: true },
  )) as readonly {
    found?: FirestoreDocument
  }[]
  return answers.flatMap(({ found }) => found?.name ?? [])
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
