import type { Write, WriteContext, WriteOutcome } from '../../contract/write.ts'
import { DocumentValidationError } from '../../errors.ts'
import { batchWrite } from './batch-write.ts'
import { documentIdOf, encodeDocument, type Revision } from './codec.ts'
import { FirestoreFailure } from './errors.ts'
import { failedOutcome, isRepeatable, outcomeOf, type Group, type NativeWrite } from './outcomes.ts'
import type { Place } from './place.ts'
import type { Lock, Locks } from './unique.ts'

export { duplicateKey, type Group, type NativeWrite } from './outcomes.ts'

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
  if (!context.ordered && areApart && size === groups.length) {
    return batchWrite(target.place, groups, { context, again: (group) => commitGroup(target, [group], context) })
  }
  if (areApart && size <= commitSize) {
    const outcome = await commitGroup(target, groups, context)
    if (outcome.kind !== 'conflict') return groups.map(() => outcome)
  }
  if (!context.ordered && areApart) return sideBySide(target, groups, context)
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

/** Commits at the same time. */
const together = 20

async function sideBySide(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  for (let from = 0; from < groups.length; from += together) {
    const some = groups.slice(from, from + together)
    outcomes.push(...(await Promise.all(some.map((group) => commitGroup(target, [group], context)))))
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
  const isIdempotent = groups.every(isRepeatable)
  try {
    const writes = groups.flatMap(({ natives }) => natives)
    await target.place.transport.call('commit', { writes }, { context, isIdempotent })
    return { kind: 'written' }
  } catch (error) {
    const [only, ...others] = groups
    if (only !== undefined && others.length === 0) return outcomeOf(target.place, only, { error, context })
    // One of them is in the way of the others.
    if (error instanceof FirestoreFailure && ofOne.has(error.status)) return { kind: 'conflict' }
    return failedOutcome(error)
  }
}

const ofOne = new Set(['ALREADY_EXISTS', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT', 'NOT_FOUND', 'OUT_OF_RANGE'])
