import { UsageError } from '../../../core/errors.ts'
import { assertDefined, type CollectionSpec } from '../../contract/define-collection.ts'
import { idOfText } from '../../keys/id-text.ts'
import type { Document, Value } from '../../query/value.ts'
import type { Item } from './codec/attribute-values.ts'
import { attributes, decodeDocument, isReplacement } from './codec/codec.ts'
import type { Place } from './place.ts'

/** A record of a stream of DynamoDB, as Lambda and the API of streams have it. */
export interface StreamRecord {
  /** `INSERT`, `MODIFY` or `REMOVE`: says which images there must be. */
  readonly eventName?: string | undefined
  readonly dynamodb?:
    | {
        readonly NewImage?: object | undefined
        readonly OldImage?: object | undefined
        readonly StreamViewType?: string | undefined
        readonly SequenceNumber?: string | undefined
        /** In seconds since 1970; a date where the SDK has read it. */
        readonly ApproximateCreationDateTime?: number | Date | undefined
      }
    | null
    | undefined
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | null | undefined
}

/** One change of a document. */
export interface DocumentChange<out T> {
  readonly kind: 'insert' | 'update' | 'delete'
  readonly id: Value
  /** Null for an insert. */
  readonly before: T | null
  /** Null for a deletion. */
  readonly after: T | null
  /** DynamoDB deleted it by itself, for its time was over. */
  readonly expired: boolean
  /** To the second; undefined where the record does not say. */
  readonly at: Date | undefined
  /** Grows with every change of the same document. A record that is delivered again has the same. */
  readonly sequenceNumber: string | undefined
}

/**
 * Reads the changes of a collection from the records of its table's stream, which must have both images. The changes of one
 * document come in their order, and each at least once.
 *
 * @returns what a record says; undefined for one of another collection, of an index entry or of a lock, which are to be
 * skipped
 * @throws UsageError for a record without the images that a stream of `NEW_AND_OLD_IMAGES` has
 * @example
 * import { lambda } from 'lexigram-edge/lambda'
 * import { documentChanges } from 'lexigram-edge/nosql/dynamodb'
 *
 * const changeOf = documentChanges(users)
 * export const handler = lambda.on(app, {
 *   dynamodb: {
 *     handler: async (record, scope) => {
 *       const change = changeOf(record)
 *       if (change?.kind === 'insert') await (await scope.resolve(Mailer)).welcome(change.after)
 *     },
 *   },
 * })
 */
export function documentChanges<T extends object>(
  collection: CollectionSpec<T>,
): (record: StreamRecord) => DocumentChange<T> | undefined {
  const { name } = assertDefined(collection)
  return (record) => {
    const change = changeIn(record, name)
    if (change === undefined) return undefined
    const { kind, id, before, after, expired, at, sequenceNumber } = change
    // As the program that stored it has typed it.
    return { kind, id, before: before as T | null, after: after as T | null, expired, at, sequenceNumber }
  }
}

/** A change, with what only `watch` needs. */
export interface StoredChange extends DocumentChange<Document> {
  /** Whether a program has given the whole document, and not an update. */
  readonly isReplacement: boolean
}

/** Undefined for a record of anything but a document of the collection, and for one that leaves the document as it was. */
export function changeIn(
  { eventName = '', dynamodb, userIdentity }: StreamRecord,
  name: string,
): StoredChange | undefined {
  const change = dynamodb ?? {}
  const { StreamViewType: view = 'NEW_AND_OLD_IMAGES' } = change
  const { OldImage: before, NewImage: after } = change as Images
  const image = after ?? before
  const isCut =
    (/^(?:MODIFY|REMOVE)$/.test(eventName) && before === undefined) ||
    (/^(?:MODIFY|INSERT)$/.test(eventName) && after === undefined)
  if (view !== 'NEW_AND_OLD_IMAGES' || image === undefined || isCut) throw withoutImages()
  const isOurs = textIn(image, attributes.collection) === name && textIn(image, attributes.kind) === 'd'
  if (!isOurs || (before !== undefined && after !== undefined && isSameDocument(before, after))) return undefined
  const time = timeOf({ dynamodb: change })
  return {
    kind: before === undefined ? 'insert' : after === undefined ? 'delete' : 'update',
    id: idOfText(textIn(image, attributes.id)),
    before: documentOf(before),
    after: documentOf(after),
    expired: userIdentity?.type === 'Service' && userIdentity.principalId === 'dynamodb.amazonaws.com',
    at: Number.isFinite(time) ? new Date(time) : undefined,
    sequenceNumber: change.SequenceNumber,
    isReplacement: before !== undefined && after !== undefined && isReplacement(textIn(after, attributes.revision)),
  }
}

/** In milliseconds since 1970; infinite where the record does not say. */
export function timeOf({ dynamodb }: StreamRecord): number {
  const time = dynamodb?.ApproximateCreationDateTime
  return time instanceof Date ? time.getTime() : (time ?? Infinity) * 1000
}

/** Whether the collection was dropped, where other collections have its table, too. */
export function isDropOf({ dynamodb }: StreamRecord, { collection, dropKey }: Place): boolean {
  const { NewImage: image } = (dynamodb ?? {}) as Images
  if (image === undefined || textIn(image, attributes.collection) !== collection) return false
  return textIn(image, attributes.kind) === 'm' && textIn(image, attributes.pk) === dropKey[attributes.pk]?.['S']
}

/** Writes that change nothing leave another revision. */
function isSameDocument(before: Item, after: Item): boolean {
  const parts = [attributes.document, attributes.id, attributes.orders, attributes.bigints, attributes.fractions]
  return parts.every((name) => isSameValue(before[name], after[name]))
}

/** DynamoDB keeps no order of the members of a map, and has one text for a number. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [names, others] = [Object.keys(a), Object.keys(b)]
  return (
    names.length === others.length && names.every((name) => isSameValue(Reflect.get(a, name), Reflect.get(b, name)))
  )
}

/** As the service sends them. */
interface Images {
  readonly OldImage?: Item
  readonly NewImage?: Item
}

function textIn(image: Item, attribute: string): string {
  return String(image[attribute]?.['S'] ?? '')
}

function documentOf(image: Item | undefined): Document | null {
  return image === undefined ? null : decodeDocument(image)
}

function withoutImages(): UsageError {
  return new UsageError('a record of the stream must have the documents before and after', {
    hint: 'Give the stream the view type NEW_AND_OLD_IMAGES.',
  })
}
