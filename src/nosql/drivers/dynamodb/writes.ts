import { DuplicateKeyError } from '../../../core/errors.ts'
import type { IndexModel } from '../../contract/index-model.ts'
import type { Write, WriteContext, WriteOutcome } from '../../contract/write.ts'
import { DocumentValidationError, UnknownOutcomeError } from '../../errors.ts'
import type { Document } from '../../query/value.ts'
import type { Item } from './attribute-values.ts'
import { attributes, encodeDocument, revisionOf } from './codec.ts'
import { entryKeysOf } from './entries.ts'
import { DynamoFailure, toReadError, toWriteFailure } from './errors.ts'
import type { Place } from './place.ts'
import { locksOf, type Lock } from './unique.ts'

/** One action of `TransactWriteItems`. */
export type Action = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface WriteTarget {
  readonly place: Place
  /** Those that writers keep. */
  readonly indexes: readonly IndexModel[]
}

/** Everything that one write of the portable layer needs. */
interface Group {
  readonly write: Write
  readonly revision: string
  /** The action on the document stands first, those on its locks follow. */
  readonly actions: readonly Action[]
  readonly locks: readonly Lock[]
}

/** Actions of one transaction, writes side by side, and items of one `BatchWriteItem`. */
const transactionSize = 100
const parallel = 8

/** A write with its index entries and locks is one transaction; without any it is one call for the item. */
export async function sendWrites(
  target: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<readonly WriteOutcome[]> {
  const groups = await Promise.all(writes.map((write) => groupOf(target, write)))
  const size = groups.reduce((sum, { actions }) => sum + actions.length, 0)
  const areApart = new Set(groups.map(({ actions }) => JSON.stringify(keyIn(actions[0])))).size === groups.length
  if (groups.length > 1 && context.ordered && areApart && size <= transactionSize) {
    const outcome = await commit(target, groups, context)
    if (outcome.kind !== 'conflict' && outcome.kind !== 'failed') return groups.map(() => outcome)
  }
  return context.ordered ? oneByOne(target, groups, context) : sideBySide(target, groups, context)
}

async function oneByOne(target: WriteTarget, groups: readonly Group[], context: WriteContext) {
  const outcomes: WriteOutcome[] = []
  for (const group of groups) {
    const outcome = await commit(target, [group], context)
    outcomes.push(outcome)
    if (outcome.kind !== 'written') break
  }
  return outcomes
}

async function sideBySide(target: WriteTarget, groups: readonly Group[], context: WriteContext) {
  const outcomes: WriteOutcome[] = []
  for (let from = 0; from < groups.length; from += parallel) {
    const some = groups.slice(from, from + parallel).map((group) => commit(target, [group], context))
    outcomes.push(...(await Promise.all(some)))
  }
  return outcomes
}

async function groupOf({ place, indexes }: WriteTarget, write: Write): Promise<Group> {
  const { table: TableName } = place
  const revision = crypto.randomUUID()
  const after = write.kind === 'delete' ? undefined : write.document
  const before = write.kind === 'insert' ? undefined : write.before.document
  const key = place.keyOf((after ?? before)?.['_id'] ?? null)
  if (key === undefined)
    throw new DocumentValidationError('this _id cannot be stored in DynamoDB', { reason: 'BadValue', path: '_id' })
  const body = after === undefined ? undefined : encodeDocument(after, revision)
  const locks = locksOf(indexes)
  const [wanted, held] = [await lockNames(after, locks), await lockNames(before, locks)]
  const added = wanted.filter((lock) => !held.some(({ name }) => name === lock.name))
  const dropped = held.filter((lock) => !wanted.some(({ name }) => name === lock.name))
  const entries = entryActions(place, indexes, { before, after, body })
  const condition = conditionOf(write)
  const own: Action =
    body === undefined
      ? { Delete: { TableName, Key: key, ...condition } }
      : { Put: { TableName, Item: { ...key, ...named(place, 'd'), ...body }, ...condition } }
  return {
    write,
    revision,
    locks: added,
    actions: [
      own,
      ...added.map((lock) => ({
        Put: {
          TableName,
          Item: {
            ...place.lockKey(lock.name),
            ...named(place, 'u'),
            [attributes.id]: key[attributes.pk] as Item[string],
          },
          ...isNew,
        },
      })),
      ...dropped.map((lock) => ({ Delete: { TableName, Key: place.lockKey(lock.name) } })),
      ...entries,
    ],
  }
}

const lockNames = async (document: Document | undefined, locks: ReturnType<typeof locksOf>): Promise<readonly Lock[]> =>
  document === undefined ? [] : locks.of(document)

const isNew = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': attributes.pk } }

function conditionOf(write: Write): object {
  if (write.kind === 'insert') return isNew
  return {
    ConditionExpression: '#r = :r',
    ExpressionAttributeNames: { '#r': attributes.revision },
    ExpressionAttributeValues: { ':r': { S: String(write.before.revision) } },
  }
}

export function named({ collection }: Place, kind: 'd' | 'i' | 'u' | 'm'): Item {
  return { [attributes.collection]: { S: collection }, [attributes.kind]: { S: kind } }
}

interface Change {
  readonly before: Document | undefined
  readonly after: Document | undefined
  /** What the entries of the new document hold. */
  readonly body: Item | undefined
}

export function entryActions(
  place: Place,
  indexes: readonly IndexModel[],
  { before, after, body }: Change,
): readonly Action[] {
  const { table: TableName } = place
  return indexes.flatMap((index) => {
    const wanted = after === undefined ? [] : entryKeysOf(index, after)
    const held = before === undefined ? [] : entryKeysOf(index, before)
    const texts = new Set(wanted.map(String))
    const puts = wanted.map((key): Action => ({
      Put: { TableName, Item: { ...place.entryKey(index.name, key), ...named(place, 'i'), ...body } },
    }))
    const deletes = held
      .filter((key) => !texts.has(String(key)))
      .map((key): Action => ({ Delete: { TableName, Key: place.entryKey(index.name, key) } }))
    return [...puts, ...deletes]
  })
}

async function commit({ place }: WriteTarget, groups: readonly Group[], context: WriteContext): Promise<WriteOutcome> {
  const actions = groups.flatMap((group) => group.actions)
  if (actions.length > transactionSize) {
    return {
      kind: 'failed',
      error: new DocumentValidationError(
        `a write of ${actions.length} items is over DynamoDB's limit of ${transactionSize}`,
        {
          reason: 'BadValue',
          hint: 'Index arrays with fewer elements, or use fewer indexes.',
        },
      ),
    }
  }
  try {
    await send(place, actions, context)
    return { kind: 'written' }
  } catch (error) {
    const [only, ...others] = groups
    if (only === undefined || others.length > 0) return failedOutcome(error)
    return outcomeOf(place, only, { error, context })
  }
}

async function send(place: Place, actions: readonly Action[], context: WriteContext): Promise<void> {
  const [only, ...others] = actions
  if (only !== undefined && others.length === 0) {
    const [[kind, input] = ['Put', {}]] = Object.entries(only)
    // Repeated with the same condition; whether an earlier attempt was carried out shows in the revision.
    await place.client.call(`${kind}Item`, input, { context, isIdempotent: kind === 'Put' })
    return
  }
  const input = { TransactItems: actions, ClientRequestToken: crypto.randomUUID() }
  // The token makes a repeated transaction one.
  await place.client.call('TransactWriteItems', input, { context, isIdempotent: true })
}

interface Failed {
  readonly error: unknown
  readonly context: WriteContext
}

async function outcomeOf(place: Place, group: Group, { error, context }: Failed): Promise<WriteOutcome> {
  if (!(error instanceof DynamoFailure)) throw error
  if (error.isContention) return { kind: 'conflict' }
  const isSingle = error.code === 'ConditionalCheckFailedException'
  const failedAt = error.reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed')
  if (!isSingle && failedAt < 0) return failedOutcome(error)
  if (isSingle && error.attempts > 1 && (await isStored(place, group, context))) return { kind: 'written' }
  if (failedAt > 0) {
    const lock = group.locks[failedAt - 1]
    return {
      kind: 'failed',
      error: duplicateKey(place, lock?.index.key.map(([path]) => path) ?? [], lock?.index.name ?? ''),
    }
  }
  if (group.write.kind === 'insert') return { kind: 'failed', error: duplicateKey(place, ['_id'], '_id_') }
  return { kind: 'conflict' }
}

/** Whether the document is as this write would have left it: no other write has its revision. */
async function isStored(place: Place, { actions, revision, write }: Group, context: WriteContext): Promise<boolean> {
  if (write.kind === 'delete') return false
  try {
    const { Item: item } = await place.client.call(
      'GetItem',
      { TableName: place.table, Key: keyIn(actions[0]), ConsistentRead: true },
      { context, isIdempotent: true },
    )
    return item !== undefined && revisionOf(item as Item) === revision
  } catch (error) {
    throw toReadError(error)
  }
}

function keyIn(action: Action | undefined): Item {
  const [input] = Object.values(action ?? {})
  const item = (input?.['Key'] ?? input?.['Item'] ?? {}) as Item
  return { [attributes.pk]: item[attributes.pk] as Item[string], [attributes.sk]: item[attributes.sk] as Item[string] }
}

function failedOutcome(error: unknown): WriteOutcome {
  if (
    error instanceof DynamoFailure &&
    (error.isContention || error.reasons.some(({ Code }) => Code === 'ConditionalCheckFailed'))
  )
    return { kind: 'conflict' }
  const known = toWriteFailure(error)
  return known instanceof UnknownOutcomeError ? { kind: 'unsure', error: known } : { kind: 'failed', error: known }
}

export function duplicateKey(place: Place, fields: readonly string[], index: string): DuplicateKeyError {
  return new DuplicateKeyError(`a document with this ${fields.join(', ')} is already in '${place.collection}'`, {
    details: { collection: place.collection, index, fields },
  })
}
