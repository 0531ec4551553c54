import type { DriverContext } from '../../../contract/context.ts'
import { WriteConflictError } from '../../../errors.ts'
import type { BufferedBackend, CommitRequest } from '../../../optimistic/buffered-transaction.ts'
import { uniqueIndexes } from '../../../optimistic/unique-indexes.ts'
import { indexesOf } from '../../../optimistic/kept-indexes.ts'
import { ownRevision } from '../codec/codec.ts'
import { openCollection, type Database } from '../collection.ts'
import { DynamoFailure, toWriteFailure } from '../errors.ts'
import { inTable } from '../missing-table.ts'
import { mostActions, sendSteps } from './send-steps.ts'
import { checkStep, conflict, documentSteps, lockStep, type Step } from './steps.ts'

/** Transactions that hold nothing in DynamoDB until one `TransactWriteItems` commits them. */
export function transactionBackend(database: Database): BufferedBackend {
  return {
    maxWrites: mostActions,
    // Each read is strong, and two of them are not of one moment: what was read by `_id` is checked by the commit.
    snapshotReads: false,
    sameRevision: (a, b) => ownRevision(a).text === ownRevision(b).text,
    collection: (name, spec, context) => openCollection(database, { name, spec }, context),
    async uniqueIndexes(name, spec, context) {
      return uniqueIndexes((await indexesOf(database, { name, spec }, context)).kept)
    },
    commit: (request, context) => commit(database, request, context),
  }
}

async function commit(database: Database, request: CommitRequest, context: DriverContext): Promise<void> {
  const { placeFor } = database
  const all = [...request.writes, ...request.unchanged, ...request.locks]
  const places = [...new Set(all.map(({ collection }) => collection))].map(placeFor)
  const steps = await stepsOf(database, request, context)
  // Documents with an `_id` that DynamoDB cannot hold are not there, and never will be.
  if (steps.length === 0) return
  const work = () => send(database, { steps, token: request.token }, context)
  await inTable(database, places, { context, work })
}

async function stepsOf(database: Database, request: CommitRequest, context: DriverContext): Promise<readonly Step[]> {
  const { placeFor } = database
  const steps: Step[] = []
  for (const { collection, spec, write, wasMissing } of request.writes) {
    const { kept } = await indexesOf(database, { name: collection, spec }, context)
    const { document, entries } = await documentSteps({ place: placeFor(collection), indexes: kept }, write)
    steps.push(wasMissing ? { ...document, refused: conflict } : document, ...entries)
  }
  for (const { collection, ...change } of request.locks) steps.push(lockStep(placeFor(collection), change))
  for (const { collection, ...read } of request.unchanged) {
    const check = checkStep(placeFor(collection), read)
    if (check !== undefined) steps.push(check)
  }
  return steps
}

async function send(
  { client }: Database,
  request: Parameters<typeof sendSteps>[1],
  context: DriverContext,
): Promise<void> {
  let refusal: Awaited<ReturnType<typeof sendSteps>>
  try {
    refusal = await sendSteps(client, request, context)
  } catch (error) {
    throw error instanceof DynamoFailure ? toWriteFailure(error) : error
  }
  if (refusal?.kind === 'failed') throw refusal.error
  if (refusal === undefined) return
  throw new WriteConflictError('the transaction cannot commit: another client wrote one of its documents in between')
}
