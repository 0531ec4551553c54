import type { DriverContext } from '../../../contract/context.ts'
import type { Insert, Write, WriteContext, WriteOutcome } from '../../../contract/write.ts'
import type { Document } from '../../../query/value.ts'
import { asError } from '../../../../core/abort-reason.ts'
import { nothingKnown, outcomeAfter, outcomeOf, partOf, type Part } from './partial.ts'
import { sendWrite } from '../transport/send.ts'
import { callOptions } from '../reading/reads.ts'
import type { Target } from '../transport/target.ts'

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
  const { ordered } = context
  let part = nothingKnown
  try {
    return await sendWrite(target, context, async (sending) => {
      const options = { ...callOptions(sending, context), ordered }
      try {
        await (only !== undefined && others.length === 0
          ? collection.insertOne(only, options)
          : collection.insertMany(documents, options))
        return inserts.map(() => ({ kind: 'written' }))
      } catch (error) {
        part = partOf(error)
        if (!part.isAll) throw error
        return outcomesOf(part, { count: inserts.length, rest: { kind: 'written' }, ordered })
      }
    })
  } catch (error) {
    // Within a transaction nothing is kept that the caller would have to know of.
    const isSome = part.tried + part.refusals.length > 0 && target.transaction === undefined
    return outcomesOf(part, { count: inserts.length, rest: isSome ? outcomeAfter(error) : outcomeOf(error), ordered })
  }
}

/** The outcome of each insert of a request that failed in part: `rest` is that of the inserts of which nothing is known. */
function outcomesOf(
  { tried, refusals }: Part,
  { count, rest, ordered }: { readonly count: number; readonly rest: WriteOutcome; readonly ordered: boolean },
): readonly WriteOutcome[] {
  const byIndex = new Map(refusals.map(({ index, outcome }) => [index, outcome]))
  const firstRefused = Math.min(...byIndex.keys(), count)
  // What was not answered may have been done as a whole, whatever the order.
  const isAboutOne = rest.kind !== 'unsure' && rest.kind !== 'written'
  const end = Math.min(firstRefused + 1, isAboutOne ? tried + 1 : count, count)
  return Array.from({ length: ordered ? end : count }, (_, index) => {
    return byIndex.get(index) ?? (index < tried ? { kind: 'written' } : rest)
  })
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
