import { UsageError } from '../../../core/errors.ts'
import { assertDefined, type CollectionSpec } from '../../contract/define-collection.ts'
import { idOfText } from '../../keys/id-text.ts'
import type { Value } from '../../query/value.ts'
import { bytesRestored, type Item } from './codec/attribute-values.ts'
import { attributes, decodeDocument } from './codec/codec.ts'

/** A record of a stream of DynamoDB, as Lambda and the API of streams have it. */
export interface StreamRecord {
  readonly dynamodb?:
    | {
        readonly NewImage?: object | undefined
        readonly OldImage?: object | undefined
        readonly StreamViewType?: string | undefined
        readonly SequenceNumber?: string | undefined
        /** In seconds since 1970. */
        readonly ApproximateCreationDateTime?: number | undefined
      }
    | undefined
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | null | undefined
}

/** What became of one document. */
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
 *   passed over
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
  return ({ dynamodb: change = {}, userIdentity }) => {
    const { StreamViewType: view = 'NEW_AND_OLD_IMAGES', ApproximateCreationDateTime: seconds } = change
    const [before, after] = [imageOf(change.OldImage), imageOf(change.NewImage)]
    const image = after ?? before
    if (view !== 'NEW_AND_OLD_IMAGES' || image === undefined) throw withoutImages()
    const isOurs = textIn(image, attributes.collection) === name && textIn(image, attributes.kind) === 'd'
    if (!isOurs) return undefined
    return {
      kind: before === undefined ? 'insert' : after === undefined ? 'delete' : 'update',
      id: idOfText(textIn(image, attributes.id)),
      // As the program that stored it has typed it.
      before: documentOf(before) as T | null,
      after: documentOf(after) as T | null,
      expired: userIdentity?.type === 'Service' && userIdentity.principalId === 'dynamodb.amazonaws.com',
      at: seconds === undefined ? undefined : new Date(seconds * 1000),
      sequenceNumber: change.SequenceNumber,
    }
  }
}

/** Bytes are base64 in Lambda's events, and bytes in the answers of the SDK. */
function imageOf(image: object | undefined): Item | undefined {
  return image === undefined ? undefined : (bytesRestored(image) as Item)
}

function textIn(image: Item, attribute: string): string {
  return String(image[attribute]?.['S'] ?? '')
}

function documentOf(image: Item | undefined): unknown {
  return image === undefined ? null : decodeDocument(image)
}

function withoutImages(): UsageError {
  return new UsageError('a record of the stream must have the documents before and after', {
    hint: 'Give the stream the view type NEW_AND_OLD_IMAGES.',
  })
}
