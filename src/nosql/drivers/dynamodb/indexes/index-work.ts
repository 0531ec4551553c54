import { settleAll } from '../../../../core/settle-all.ts'
import type { DriverContext } from '../../../contract/context.ts'
import type { IndexModel } from '../../../contract/index-model.ts'
import { DocumentValidationError, UnsupportedOperationError, WriteConflictError } from '../../../errors.ts'
import { lockKeys } from '../../../keys/lock-keys.ts'
import type { FillProgress, IndexWork } from '../../../optimistic/index-steps.ts'
import { uniqueIndexes } from '../../../optimistic/unique-indexes.ts'
import type { Item } from '../codec/attribute-values.ts'
import { attributes, encodeDocument, revisionOf } from '../codec/codec.ts'
import { DynamoFailure, toReadError, toWriteFailure } from '../errors.ts'
import { deleteItems, keyOfItem, pageOfEntries, pageOfKind } from '../codec/items.ts'
import type { Place } from '../place.ts'
import { stored } from '../reading/stored.ts'
import { sendSteps } from '../writing/send-steps.ts'
import { checkStep, entrySteps, holdStep, keepStep } from '../writing/steps.ts'
import { isPartOf, partsOf } from './index-parts.ts'

/** The table is read in so many parts at a time, so many items of each, and so many documents are indexed side by side. */
const segments = 4
const pageSize = 100
const parallel = 8

/** How often a document is read again that others keep changing. */
const mostAttempts = 50

/** What this backend does for an index: entries and locks for the documents that were there before. */
export function indexWork(place: Place): IndexWork {
  return {
    fill: (model, cursor, context) => fill({ place, model, context }, cursor as Cursor | undefined),
    clear: (model, context) => clear({ place, model, context }),
  }
}

interface Job {
  readonly place: Place
  readonly model: IndexModel
  readonly context: DriverContext
}

/** Where each segment goes on: null at its beginning. */
interface Cursor {
  readonly at: readonly (Item | 'end' | null)[]
  readonly documents: number
}

async function* fill(
  job: Job,
  from: Cursor = { at: Array.from({ length: segments }, () => null), documents: 0 },
): AsyncGenerator<FillProgress, void> {
  let { at, documents } = from
  while (at.some((position) => position !== 'end')) {
    const pages = await Promise.all(at.map((position, segment) => pageAt(job, { position, segment, of: at.length })))
    const items = pages.flatMap((page) => page.items)
    for (let first = 0; first < items.length; first += parallel) {
      const some = items.slice(first, first + parallel).map((item) => indexOne(job, item))
      // All of them have settled when the index is removed again.
      const failures = await settleAll(some)
      if (failures.length > 0) throw failures[0]
    }
    documents += items.length
    at = pages.map(({ next }) => next ?? 'end')
    yield { cursor: { at, documents } satisfies Cursor, documents }
  }
}

interface Position {
  readonly position: Item | 'end' | null
  readonly segment: number
  readonly of: number
}

async function pageAt({ place, context }: Job, { position, segment, of }: Position) {
  if (position === 'end') return { items: [], next: undefined }
  const part = { Segment: segment, TotalSegments: of, Limit: pageSize }
  return pageOfKind(place, { kind: 'd', start: position ?? undefined, part }, context)
}

/** On the condition that the document is as it was read; what has changed is read again, for its writer may have changed other keys. */
async function indexOne({ place, model, context }: Job, found: Item): Promise<void> {
  let item: Item | undefined = found
  for (let attempt = 1; item !== undefined; attempt++) {
    const { document, revision } = stored(item)
    const { _id: id = null } = document
    const body = encodeDocument(document, { revision: revisionOf(item), before: { document, item } })
    const entries = await entrySteps(place, [model], { before: undefined, after: document, body })
    const [unique] = uniqueIndexes([model])
    const names = unique === undefined ? [] : await lockKeys(unique, document)
    const locks = names.map((name) => holdStep(place, { name, index: model }, id))
    // Its locks would outlive it.
    const isKept = unique !== undefined && item[attributes.expiry] !== undefined
    const check = (isKept ? keepStep : checkStep)(place, { id, revision })
    if (check === undefined || locks.length + entries.length === 0) return
    const refusal = await send({ place, model, context }, [check, ...locks, ...entries])
    if (refusal === undefined) return
    if (refusal.kind === 'failed') throw refusal.error
    if (attempt >= mostAttempts) {
      throw new WriteConflictError('a document cannot be indexed: other clients change it all the time')
    }
    item = await itemAt(place, item, context)
  }
}

async function send({ place, model, context }: Job, steps: Parameters<typeof sendSteps>[1]['steps']) {
  try {
    return await sendSteps(place.client, { steps, token: crypto.randomUUID() }, context)
  } catch (error) {
    if (!(error instanceof UnsupportedOperationError)) throw toWriteFailure(error)
    throw new DocumentValidationError(`the index '${model.name}' cannot be made: a document has too many entries`, {
      reason: 'CannotCreateIndex',
      cause: error,
    })
  }
}

async function itemAt(place: Place, item: Item, context: DriverContext): Promise<Item | undefined> {
  const input = { TableName: place.table, Key: keyOfItem(item), ConsistentRead: true }
  try {
    return (await place.client.call('GetItem', input, { context, isIdempotent: true })).Item
  } catch (error) {
    throw toReadError(error)
  }
}

/** Entries are in the parts of the index; locks name the index they belong to. */
async function clear({ place, model, context }: Job): Promise<void> {
  let start: Item | undefined
  if ((model.partition ?? 0) > 0) await clearEverywhere({ place, model, context })
  else for (const part of await partsOf(model, [])) await clearPart({ place, model, context }, part)
  if (model.expireAfterSeconds !== undefined) await keepAll({ place, model, context })
  if (model.unique !== true) return
  do {
    const { items, next } = await pageOfKind(place, { kind: 'u', start }, context)
    const own = items.filter((item) => item[attributes.index]?.['S'] === model.name)
    await deleteItems(place, own, context)
    start = next
  } while (start !== undefined)
}

async function clearPart({ place, context }: Job, part: string): Promise<void> {
  let start: Item | undefined
  do {
    const { items, next } = await pageOfEntries(place, { part, start }, context)
    await deleteItems(place, items, context)
    start = next
  } while (start !== undefined)
}

/** Which parts there are by values is not known. */
async function clearEverywhere({ place, model, context }: Job): Promise<void> {
  let start: Item | undefined
  do {
    const { items, next } = await pageOfKind(place, { kind: 'i', start }, context)
    const own = items.filter((item) => isPartOf(model, place.partOf(item)))
    await deleteItems(place, own, context)
    start = next
  } while (start !== undefined)
}

/** Nothing expires by an index that is gone. What another one says of a document is noted again with its next write. */
async function keepAll({ place, context }: Job): Promise<void> {
  for (const kind of ['d', 'i'] as const) {
    let start: Item | undefined
    do {
      const { items, next } = await pageOfKind(place, { kind, start }, context)
      for (const item of items) if (item[attributes.expiry] !== undefined) await keepItem(place, item, context)
      start = next
    } while (start !== undefined)
  }
}

async function keepItem(place: Place, item: Item, context: DriverContext): Promise<void> {
  const input = {
    TableName: place.table,
    Key: keyOfItem(item),
    UpdateExpression: 'REMOVE #t',
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#t': attributes.expiry, '#pk': attributes.pk },
  }
  try {
    await place.client.call('UpdateItem', input, { context, isIdempotent: true })
  } catch (error) {
    const isGone = error instanceof DynamoFailure && error.code === 'ConditionalCheckFailedException'
    if (!isGone) throw toWriteFailure(error)
  }
}
