import { isLexigramError } from '../../../../core/errors.ts'
import type { Write, WriteContext, WriteOutcome } from '../../../contract/write.ts'
import { DocumentValidationError, UnknownOutcomeError, UnsupportedOperationError } from '../../../errors.ts'
import { lockChanges, type DocumentChange } from '../../../optimistic/lock-changes.ts'
import { uniqueIndexes } from '../../../optimistic/unique-indexes.ts'
import type { Item } from '../codec/attribute-values.ts'
import { revisionOf } from '../codec/codec.ts'
import { DynamoFailure, toWriteFailure, unknownOutcome } from '../errors.ts'
import type { Place } from '../place.ts'
import { batchInsert, batchSize } from './batch-insert.ts'
import { assertItemsFit, itemsFit, mostActions, sendSteps } from './send-steps.ts'
import { documentSteps, keyIn, lockStep, type Refusal, type Step, type WriteTarget } from './steps.ts'

/** Everything that one write of the portable layer needs. */
interface Group {
  readonly write: Write
  readonly revision: string
  /** The step of the document comes first. */
  readonly steps: readonly [Step, ...Step[]]
}

/** Writes side by side. */
const parallel = 8

/** A write with its index entries and locks is one transaction; without any it is one call for the item. */
export async function sendWrites(
  target: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const prepared = await Promise.all(writes.map((write) => groupOf(target, write).catch(failedOutcome)))
  const isGroup = (each: Group | WriteOutcome): each is Group => 'steps' in each
  const wrong = prepared.find((each): each is WriteOutcome => !isGroup(each))
  if (wrong === undefined) return sendGroups(target, prepared.filter(isGroup), context)
  if (!context.ordered) {
    const sent = (await sendGroups(target, prepared.filter(isGroup), context)).values()
    return prepared.flatMap((each) => (isGroup(each) ? (sent.next().value ?? []) : each))
  }
  const sent = await sendGroups(target, prepared.slice(0, prepared.indexOf(wrong)).filter(isGroup), context)
  return sent.every(({ kind }) => kind === 'written') ? [...sent, wrong] : sent
}

async function sendGroups(
  target: WriteTarget,
  groups: readonly Group[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const size = groups.reduce((sum, { steps }) => sum + steps.length, 0)
  const isApart = areApart(groups)
  if (groups.length > 1 && context.ordered && size <= mostActions && isApart) {
    const outcome = await commit(target, groups, context)
    if (outcome.kind !== 'conflict' && outcome.kind !== 'failed') return groups.map(() => outcome)
  }
  // Of two writes on one item the first wins, whatever the order that was asked for.
  return context.ordered || !isApart ? oneByOne(target, groups, context) : sideBySide(target, groups, context)
}

/** Whether no item is changed by two of them, which is more than one transaction may do. */
function areApart(groups: readonly Group[]): boolean {
  const keys = groups.flatMap(({ steps }) =>
    steps.map(({ action }) => {
      const { pk, sk } = keyIn(action)
      return `${String(sk?.['B'])} ${String(pk?.['S'])}`
    }),
  )
  return new Set(keys).size === keys.length
}

async function oneByOne(target: WriteTarget, groups: readonly Group[], context: WriteContext) {
  const outcomes: WriteOutcome[] = []
  for (const group of groups) {
    const outcome = await commit(target, [group], context)
    outcomes.push(outcome)
    if (context.ordered && outcome.kind !== 'written') break
  }
  return outcomes
}

/** Inserts that need no condition go in batches, everything else by itself; outcomes are in the order of the writes. */
async function sideBySide(target: WriteTarget, groups: readonly Group[], context: WriteContext) {
  const batched = groups.filter(fitsIntoBatch)
  // A single one is as cheap by itself.
  const single = batched.length > 1 ? groups.filter((group) => !fitsIntoBatch(group)) : groups
  const outcomes = new Map<Group, WriteOutcome>()
  const work = [
    ...single.map((group) => async () => void outcomes.set(group, await commit(target, [group], context))),
    ...(batched.length > 1 ? chunksOf(batched, batchSize) : []).map((chunk) => async () => {
      const items = chunk.map(({ steps: [{ action }] }) => action['Put']?.['Item'] as Item)
      const done = await batchInsert(target.place, items, { context, failed: failedOutcome })
      // One outcome for each item.
      for (const [at, group] of chunk.entries()) outcomes.set(group, done[at] as WriteOutcome)
    }),
  ]
  for (const some of chunksOf(work, parallel)) await Promise.all(some.map((run) => run()))
  return groups.map((group) => outcomes.get(group) as WriteOutcome) // the work has set all of them
}

function fitsIntoBatch({ write, steps }: Group): boolean {
  return write.kind === 'insert' && write.generatedId && steps.length === 1 && itemsFit(steps)
}

function chunksOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))
}

async function groupOf(target: WriteTarget, write: Write): Promise<Group> {
  const { document, entries, revision } = await documentSteps(target, write)
  const changes = await lockChanges([changeOf(write)], uniqueIndexes(target.indexes))
  const locks = changes.map((change) => lockStep(target.place, change))
  return { write, revision, steps: [document, ...locks, ...entries] }
}

function changeOf(write: Write): DocumentChange {
  if (write.kind === 'insert') return { id: write.document['_id'] ?? null, after: write.document }
  const { document: before } = write.before
  return { id: before['_id'] ?? null, before, ...(write.kind === 'replace' && { after: write.document }) }
}

async function commit({ place }: WriteTarget, groups: readonly Group[], context: WriteContext): Promise<WriteOutcome> {
  const [only, ...others] = groups
  try {
    if (only !== undefined && others.length === 0 && only.steps.length === 1) {
      return await sendOne(place, only, context)
    }
    const steps = groups.flatMap((group) => group.steps)
    return outcomeOf(await sendSteps(place.client, { steps, token: crypto.randomUUID() }, context))
  } catch (error) {
    return failedOutcome(error)
  }
}

/** A document without entries and locks. Repeated with the same condition; whether it was carried out shows in the revision. */
async function sendOne(place: Place, group: Group, context: WriteContext): Promise<WriteOutcome> {
  const [{ action, refused }] = group.steps
  const [[kind, input] = ['Put', {}]] = Object.entries(action)
  assertItemsFit(group.steps)
  try {
    await place.client.call(`${kind}Item`, input, { context, isIdempotent: kind === 'Put' })
    return { kind: 'written' }
  } catch (error) {
    if (!(error instanceof DynamoFailure) || error.code !== 'ConditionalCheckFailedException') throw error
    return error.mayBeDone ? afterLostAnswer(place, group, context) : outcomeOf(refused)
  }
}

/** The condition may have failed because an attempt that was not answered was carried out. */
async function afterLostAnswer(place: Place, group: Group, context: WriteContext): Promise<WriteOutcome> {
  const { write } = group
  // No other client has this `_id`.
  if (write.kind === 'insert' && write.generatedId) return { kind: 'written' }
  const stored = await isStored(place, group, context)
  if (stored === true) return { kind: 'written' }
  // Not written, or written and changed by another client since.
  return { kind: 'unsure', error: stored === false ? unknownOutcome(undefined) : stored }
}

function outcomeOf(refusal: Refusal | undefined): WriteOutcome {
  if (refusal === undefined) return { kind: 'written' }
  return refusal.kind === 'failed' ? { kind: 'failed', error: refusal.error } : { kind: 'conflict' }
}

/** Whether the document is as this write would have left it: no other write has its revision. The error when that is not known. */
async function isStored(place: Place, { steps, revision }: Group, context: WriteContext): Promise<boolean | Error> {
  const input = { TableName: place.table, Key: keyIn(steps[0].action), ConsistentRead: true }
  try {
    const { Item: item } = await place.client.call('GetItem', input, { context, isIdempotent: true })
    return item !== undefined && revisionOf(item) === revision
  } catch (error) {
    return unknownOutcome(error)
  }
}

function failedOutcome(error: unknown): WriteOutcome {
  if (error instanceof DynamoFailure && error.isContention && !error.mayBeDone) return { kind: 'conflict' }
  if (error instanceof UnsupportedOperationError) return { kind: 'failed', error: tooLarge(error) }
  if (!isLexigramError(error) && !(error instanceof DynamoFailure)) throw error
  const known = toWriteFailure(error)
  return known instanceof UnknownOutcomeError ? { kind: 'unsure', error: known } : { kind: 'failed', error: known }
}

/** One document that is more than one transaction is refused as any other that does not fit. */
function tooLarge(cause: UnsupportedOperationError): DocumentValidationError {
  return new DocumentValidationError(
    'a document cannot be written: with its index entries it is more than DynamoDB writes at once',
    {
      reason: 'BSONObjectTooLarge',
      hint: 'Index arrays with fewer elements, or use fewer indexes.',
      cause,
    },
  )
}
