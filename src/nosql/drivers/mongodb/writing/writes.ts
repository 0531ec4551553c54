import type { DriverContext } from '../../../contract/context.ts'
import type { Insert, ModifyManyResult, Write, WriteContext, WriteOutcome } from '../../../contract/write.ts'
import type { Document } from '../../../query/value.ts'
import { asError } from '../../../../core/abort-reason.ts'
import { DomainError } from '../../../../core/errors.ts'
import { UnknownOutcomeError, WriteConflictError } from '../../../errors.ts'
import { toStoreError } from '../errors.ts'
import { sendWrite } from '../transport/send.ts'
import { callOptions, type Target } from '../reading/reads.ts'

/** Inserts that follow each other are one request; what replaces or deletes has a condition and is sent by itself. */
export async function sendWrites(
  target: Target,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  for (let at = 0; at < writes.length;) {
    const run = insertsFrom(writes, at)
    let sent: readonly WriteOutcome[]
    try {
      sent = run.length > 0 ? await insertAll(target, run, context) : [await sendOne(target, writes[at], context)]
    } catch (error) {
      if (at === 0) throw error
      // What was sent before is not undone by what keeps this from being sent.
      const failed = { kind: 'failed', error: asError(error) } as const
      return [...outcomes, ...(context.ordered ? [failed] : writes.slice(at).map(() => failed))]
    }
    outcomes.push(...sent)
    at += Math.max(run.length, 1)
    if (context.ordered && sent.some(({ kind }) => kind !== 'written')) break
  }
  return outcomes
}

function insertsFrom(writes: readonly Write[], start: number): readonly Insert[] {
  const end = writes.findIndex((write, index) => index >= start && write.kind !== 'insert')
  return writes.slice(start, end < 0 ? undefined : end) as readonly Insert[] // none of another kind is among them
}

async function insertAll(
  target: Target,
  inserts: readonly Insert[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const documents = inserts.map(({ document }) => ({ ...document }))
  const collection = target.collection()
  const [only, ...others] = documents
  try {
    return await sendWrite(target, context, async (sending) => {
      const options = { ...callOptions(sending, context), ordered: context.ordered }
      try {
        await (only !== undefined && others.length === 0
          ? collection.insertOne(only, options)
          : collection.insertMany(documents, options))
        return inserts.map(() => ({ kind: 'written' }))
      } catch (error) {
        const refusals = refusalsOf(error)
        if (refusals === undefined) throw error
        return outcomesOf(refusals, inserts.length, context)
      }
    })
  } catch (error) {
    const outcome = outcomeOf(error)
    // What was not answered may have been done as a whole, whatever the order.
    const isAboutOne = context.ordered && outcome.kind !== 'unsure'
    return Array.from({ length: isAboutOne ? 1 : inserts.length }, () => outcome)
  }
}

interface VendorWriteError {
  readonly index: number
}

/** The outcome of each insert of a request that was refused in part. */
function outcomesOf(
  refusals: ModifyManyResult['errors'],
  count: number,
  { ordered }: WriteContext,
): readonly WriteOutcome[] {
  const byIndex = new Map(refusals.map(({ index, outcome }) => [index, outcome]))
  const length = ordered ? Math.min(...byIndex.keys()) + 1 : count
  return Array.from({ length }, (_, index) => byIndex.get(index) ?? { kind: 'written' })
}

/** The statements of a bulk write that the server refused; undefined where the whole failed. */
export function refusalsOf(error: unknown): ModifyManyResult['errors'] | undefined {
  const { writeErrors } = error as { writeErrors?: VendorWriteError | readonly VendorWriteError[] }
  const refusals = [writeErrors ?? []].flat()
  if (refusals.length === 0) return undefined
  return refusals.map((refusal) => ({ index: refusal.index, outcome: failed(serverErrorOf(refusal)) }))
}

interface VendorWriteError {
  readonly index: number
}

/** The error of one statement in a bulk write holds the server's own fields one level down. */
function serverErrorOf(refusal: VendorWriteError): unknown {
  const { err = refusal } = refusal as { err?: object }
  return { name: 'MongoServerError', ...codeNamed(err), ...err }
}

function codeNamed(error: object): object {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' ? { code } : {}
}

async function sendOne(target: Target, write: Write | undefined, context: DriverContext): Promise<WriteOutcome> {
  if (write === undefined || write.kind === 'insert') return { kind: 'written' }
  const filter = unchanged(write.before.document, write.before.revision)
  const collection = target.collection()
  try {
    const done = await sendWrite(target, context, async (sending) => {
      const options = callOptions(sending, context)
      return write.kind === 'delete'
        ? (await collection.deleteOne(filter, options)).deletedCount
        : (await collection.replaceOne(filter, { ...write.document }, options)).matchedCount
    })
    return done === 1 ? { kind: 'written' } : { kind: 'conflict' }
  } catch (error) {
    return outcomeOf(error)
  }
}

/** The same document, and only as it was read: MongoDB compares it whole, field order included. */
function unchanged(document: Document, revision: unknown): Record<string, unknown> {
  return { _id: document['_id'], $expr: { $eq: ['$$ROOT', { $literal: revision }] } }
}

/** What became of a write that the server refused. */
export function failed(refusal: unknown): Exclude<WriteOutcome, { kind: 'written' }> {
  return outcomeOf(toStoreError(refusal, 'write'))
}

/** @throws what kept the request from being sent */
function outcomeOf(error: unknown): Exclude<WriteOutcome, { kind: 'written' }> {
  if (error instanceof UnknownOutcomeError) return { kind: 'unsure', error }
  if (error instanceof WriteConflictError) return { kind: 'conflict' }
  if (error instanceof DomainError) return { kind: 'failed', error }
  // Nothing was written, and it is not the fault of any one of the writes.
  throw error
}
