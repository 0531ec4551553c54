import { idIndex, type IndexModel } from '../../../contract/index-model.ts'
import type { Write } from '../../../contract/write.ts'
import { duplicateKey } from '../../../contract/duplicate-key.ts'
import type { LockChange } from '../../../optimistic/lock-changes.ts'
import type { CommitRead } from '../../../optimistic/buffered-transaction.ts'
import type { OwnRead } from '../../../optimistic/own-writes.ts'
import type { Document, Value } from '../../../query/value.ts'
import type { AttributeValue, Item } from '../codec/attribute-values.ts'
import { attributes, encodeDocument, newRevision, ownRevision } from '../codec/codec.ts'
import { entriesOf, type Entry } from '../indexes/entries.ts'
import { expiryAttribute } from '../indexes/expiry.ts'
import type { Place } from '../place.ts'

/** One action of `TransactWriteItems`. */
export type Action = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** An action, and what it means when its condition does not hold. */
export interface Step {
  readonly action: Action
  readonly refused: Refusal
}

/**
 * - `conflict`: the document is not what it was when it was read.
 * - `failed`: the error that the caller gets.
 * - `instead`: another client has what this step would have changed, so that there is nothing to do but to see to it that
 *   it stays so.
 */
export type Refusal =
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'instead'; readonly action: Action }

export const conflict: Refusal = { kind: 'conflict' }

/** What one write of a document does to the table, without its locks. */
export interface DocumentSteps {
  readonly document: Step
  /** The entries of the indexes. */
  readonly entries: readonly Step[]
  /** No other write leaves the document with it. */
  readonly revision: string
}

export interface WriteTarget {
  readonly place: Place
  /** Those that writers keep. */
  readonly indexes: readonly IndexModel[]
}

export async function documentSteps({ place, indexes }: WriteTarget, write: Write): Promise<DocumentSteps> {
  const { table: TableName } = place
  const revision = newRevision({ replaces: write.kind === 'replace' && write.replaces })
  const after = write.kind === 'delete' ? undefined : write.document
  const before = write.kind === 'insert' ? undefined : write.before.document
  const key = place.keyFor((after ?? before)?.['_id'] ?? null)
  const read = write.kind === 'insert' ? undefined : ownRevision(write.before.revision)
  const stored = read && before && { document: before, item: read.item }
  const body =
    after === undefined
      ? undefined
      : { ...encodeDocument(after, { revision, before: stored }), ...expiryAttribute(indexes, after) }
  const condition = read === undefined ? isAbsent : hasRevision(read.text)
  const action: Action =
    body === undefined
      ? { Delete: { TableName, Key: key, ...condition } }
      : { Put: { TableName, Item: { ...key, ...named(place, 'd'), ...body }, ...condition } }
  const refused: Refusal =
    write.kind === 'insert' ? { kind: 'failed', error: duplicateKey(place.collection, idIndex) } : conflict
  const entries = await entrySteps(place, indexes, { before, after, body })
  return { document: { action, refused }, entries, revision }
}

interface Change {
  readonly before: Document | undefined
  readonly after: Document | undefined
  /** What the entries of the new document hold. */
  readonly body: Item | undefined
}

/** An entry has the `_id` in its key, so that it belongs to one document, whose own condition guards it. */
export async function entrySteps(
  place: Place,
  indexes: readonly IndexModel[],
  change: Change,
): Promise<readonly Step[]> {
  return (await Promise.all(indexes.map((index) => stepsOfIndex(place, index, change)))).flat()
}

async function stepsOfIndex(place: Place, index: IndexModel, change: Change): Promise<readonly Step[]> {
  const { table: TableName } = place
  const { before, after, body } = change
  const wanted = after === undefined ? [] : await entriesOf(index, after)
  const held = before === undefined ? [] : await entriesOf(index, before)
  const textOf = ({ part, key }: Entry) => `${part} ${String(key)}`
  const texts = new Set(wanted.map(textOf))
  const puts = wanted.map(({ part, key }) => ({
    Put: { TableName, Item: { ...place.entryKey(part, key), ...named(place, 'i'), ...body } },
  }))
  const deletes = held
    .filter((entry) => !texts.has(textOf(entry)))
    .map(({ part, key }) => ({ Delete: { TableName, Key: place.entryKey(part, key) } }))
  return [...puts, ...deletes].map((action: Action) => ({ action, refused: conflict }))
}

/**
 * Takes a lock, hands it to another document, or releases it. A lock that the document should hold and does not, for its
 * index is being made, is as good as held.
 */
export function lockStep(place: Place, { name, index, holder, next }: LockChange): Step {
  const { table: TableName } = place
  const Key = place.lockKey(name)
  const refused: Refusal = { kind: 'failed', error: duplicateKey(place.collection, index) }
  const isHeld = holder === undefined ? isAbsent : isHeldBy(ownerOf(place, holder))
  if (next !== undefined) {
    const Item = lockItem(place, { name, index, owner: ownerOf(place, next) })
    return { action: { Put: { TableName, Item, ...isHeld } }, refused }
  }
  if (holder === undefined) return { action: { ConditionCheck: { TableName, Key, ...isHeld } }, refused }
  const owner = ownerOf(place, holder)
  const instead = { ConditionCheck: { TableName, Key, ...isHeldByAnother(owner) } }
  return { action: { Delete: { TableName, Key, ...isHeld } }, refused: { kind: 'instead', action: instead } }
}

/** Takes a lock for a document that has its key already, or finds that the document holds it. */
export function holdStep(place: Place, lock: Omit<Held, 'owner'>, id: Value): Step {
  const owner = ownerOf(place, id)
  const Item = lockItem(place, { ...lock, owner })
  return {
    action: { Put: { TableName: place.table, Item, ...isHeldBy(owner) } },
    refused: { kind: 'failed', error: duplicateKey(place.collection, lock.index) },
  }
}

/** A document that must still be as it was read. Undefined for an `_id` that no document here can have. */
export function checkStep(
  place: Place,
  { id, revision, wasInserted }: OwnRead & Pick<CommitRead, 'wasInserted'>,
): Step | undefined {
  const Key = place.keyOf(id)
  if (Key === undefined) return undefined
  const condition = revision === undefined ? isAbsent : hasRevision(ownRevision(revision).text)
  const refused: Refusal =
    wasInserted === true ? { kind: 'failed', error: duplicateKey(place.collection, idIndex) } : conflict
  return { action: { ConditionCheck: { TableName: place.table, Key, ...condition } }, refused }
}

/** The same for a document that DynamoDB must not delete by itself from now on. */
export function keepStep(place: Place, { id, revision }: OwnRead): Step | undefined {
  const Key = place.keyOf(id)
  if (Key === undefined) return undefined
  const { ExpressionAttributeNames: names, ...condition } = hasRevision(ownRevision(revision).text)
  const ExpressionAttributeNames = { ...names, '#t': attributes.expiry }
  const action = {
    Update: { TableName: place.table, Key, UpdateExpression: 'REMOVE #t', ...condition, ExpressionAttributeNames },
  }
  return { action, refused: conflict }
}

interface Held {
  readonly name: string
  readonly index: Pick<IndexModel, 'name' | 'key'>
  readonly owner: AttributeValue
}

function lockItem(place: Place, { name, index, owner }: Held): Item {
  return {
    ...place.lockKey(name),
    ...named(place, 'u'),
    [attributes.id]: owner,
    [attributes.index]: { S: index.name },
  }
}

function ownerOf(place: Place, id: Value): AttributeValue {
  return place.keyFor(id)[attributes.pk] as AttributeValue // part of every key
}

export const isAbsent = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': attributes.pk },
}

export function hasRevision(revision: string) {
  return {
    ConditionExpression: '#r = :r',
    ExpressionAttributeNames: { '#r': attributes.revision },
    ExpressionAttributeValues: { ':r': { S: revision } },
  }
}

function isHeldBy(owner: AttributeValue): object {
  return {
    ConditionExpression: 'attribute_not_exists(#pk) OR #i = :owner',
    ExpressionAttributeNames: { '#pk': attributes.pk, '#i': attributes.id },
    ExpressionAttributeValues: { ':owner': owner },
  }
}

function isHeldByAnother(owner: AttributeValue): object {
  return {
    ConditionExpression: '#i <> :owner',
    ExpressionAttributeNames: { '#i': attributes.id },
    ExpressionAttributeValues: { ':owner': owner },
  }
}

export function named({ collection }: Place, kind: 'd' | 'i' | 'u' | 'm'): Item {
  return { [attributes.collection]: { S: collection }, [attributes.kind]: { S: kind } }
}

/** The key of the item that an action is about. */
export function keyIn(action: Action): Item {
  const [input] = Object.values(action)
  const item = (input?.['Key'] ?? input?.['Item'] ?? {}) as Item
  return { [attributes.pk]: item[attributes.pk] as Item[string], [attributes.sk]: item[attributes.sk] as Item[string] }
}
