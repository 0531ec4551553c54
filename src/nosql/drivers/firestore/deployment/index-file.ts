import { compareText } from '../../../../core/compare-text.ts'
import { UsageError } from '../../../../core/errors.ts'
import { assertPlainObject } from '../../../../core/plain-object.ts'
import type { CollectionSpec } from '../../../contract/define-collection.ts'
import type { IndexModel } from '../../../contract/index-model.ts'
import { notesField } from '../codec/codec.ts'
import { fieldPathOf } from '../reading/field-path.ts'
import { assertUnreserved } from '../collection-names.ts'
import { collectionOf } from '../collection-path.ts'
import type { CompositeIndex, IndexField } from '../indexes/required-indexes.ts'

/** How one field of a collection group is indexed. */
export interface FieldOverride {
  readonly collectionGroup: string
  readonly fieldPath: string
  /** Documents are deleted some time after the date in this field. */
  readonly ttl?: boolean
  readonly indexes: readonly {
    readonly order?: 'ASCENDING' | 'DESCENDING'
    readonly arrayConfig?: 'CONTAINS'
    readonly queryScope: 'COLLECTION' | 'COLLECTION_GROUP'
  }[]
}

/** @see https://firebase.google.com/docs/reference/firestore/indexes */
export interface FirestoreIndexFile {
  readonly indexes?: readonly CompositeIndex[] | undefined
  readonly fieldOverrides?: readonly FieldOverride[] | undefined
}

/** A collection as `defineCollection` declares it; what has no fields has paths of any type. */
export type IndexedCollection = Pick<CollectionSpec, 'name' | 'indexes'> & Partial<Pick<CollectionSpec, 'fields'>>

const automatic: FieldOverride['indexes'] = [
  { order: 'ASCENDING', queryScope: 'COLLECTION' },
  { order: 'DESCENDING', queryScope: 'COLLECTION' },
  { arrayConfig: 'CONTAINS', queryScope: 'COLLECTION' },
]

/**
 * The content of `firestore.indexes.json`: what is there, and what the collections need beside it. Nothing is taken away,
 * and doing it again changes nothing.
 *
 * - An index of several paths becomes a composite index, and one more for the other direction after its first path.
 * - A TTL index that expires at the date itself becomes a TTL policy. Firestore has no other: with
 *   `expireAfterSeconds` above zero, or a filter, documents are hidden in time and stay until they are deleted.
 * - The field in which this package notes key order and bigints is exempted from indexing.
 *
 * @throws DocumentValidationError reason `InvalidNamespace`, for names that Firestore or this package reserves
 * @example
 * import { defineCollection } from 'lexigram-edge/nosql'
 * import { firestoreIndexes } from 'lexigram-edge/nosql/firestore'
 *
 * const orders = defineCollection('orders', {
 *   fields: { tenant: 'string', placed: 'date' },
 *   indexes: [{ keys: { tenant: 1, placed: -1 } }],
 * })
 * JSON.stringify(firestoreIndexes([orders]), undefined, 2)
 */
export function firestoreIndexes(
  collections: readonly IndexedCollection[],
  existing: FirestoreIndexFile = {},
): FirestoreIndexFile {
  const fields = assertPlainObject(existing, 'the content of firestore.indexes.json')
  if (!Array.isArray(collections) || !collections.every(isDeclared))
    throw new UsageError('collections must be an array of what defineCollection returns')
  // What is there stays as it is, also where two entries look the same here: other tools know more members.
  const indexes = [...(fields.indexes ?? [])]
  const known = new Set(indexes.map(signature))
  const overrides = [...(fields.fieldOverrides ?? [])]
  const placeOf = (field: Field) => overrides.findLastIndex((override) => keyOf(override) === keyOf(field))
  for (const collection of collections) {
    assertUnreserved(collection.name)
    const { collectionId: collectionGroup, isGroup } = collectionOf(collection.name)
    const queryScope = isGroup ? 'COLLECTION_GROUP' : 'COLLECTION'
    for (const index of compositesOf(collection, { collectionGroup, queryScope })) {
      if (!known.has(signature(index))) indexes.push(index)
      known.add(signature(index))
    }
    const exempted = { collectionGroup, fieldPath: notesField, indexes: [] }
    if (placeOf(exempted) < 0) overrides.push(exempted)
    for (const fieldPath of collection.indexes.flatMap(expiryPath)) {
      const place = placeOf({ collectionGroup, fieldPath })
      const override = { collectionGroup, fieldPath, indexes: automatic, ...overrides[place], ttl: true }
      overrides.splice(place < 0 ? overrides.length : place, 1, override)
    }
  }
  return { ...existing, indexes, fieldOverrides: overrides }
}

type Field = Pick<FieldOverride, 'collectionGroup' | 'fieldPath'>

/** Members that say what an index without them is: Google's tools write some of them into what they export. */
const usual: Readonly<Record<string, unknown>> = {
  density: 'SPARSE_ALL',
  apiScope: 'ANY_API',
  multikey: false,
  unique: false,
}

/** What makes two composite indexes the same one: one for vectors, or with another density, is like no other. */
function signature(index: CompositeIndex): string {
  const { collectionGroup, queryScope, fields, ...others } = index
  const [last, before] = fields.toReversed()
  // Each index ends with the name, in the direction of the field before it, whether that is written or not.
  const isImplied = last?.fieldPath === '__name__' && directionOf(last) === directionOf(before)
  const parts = isImplied ? fields.slice(0, -1) : fields
  const unusual = Object.entries(others).filter(([name, value]) => usual[name] !== value)
  return JSON.stringify([
    collectionGroup,
    queryScope,
    parts.map(sortedMembers),
    sortedMembers(Object.fromEntries(unusual)),
  ])
}

function directionOf(field: IndexField | undefined): string {
  return field !== undefined && 'order' in field ? field.order : 'ASCENDING'
}

function sortedMembers(members: object): readonly unknown[] {
  return Object.entries(members).toSorted(([one], [other]) => compareText(one, other))
}

function keyOf({ collectionGroup, fieldPath }: Field): string {
  return JSON.stringify([collectionGroup, fieldPath])
}

function expiryPath({ key, expireAfterSeconds, partialFilterExpression }: IndexModel): readonly string[] {
  const [path] = key[0] ?? []
  return expireAfterSeconds === 0 && partialFilterExpression === undefined && path !== undefined
    ? [fieldPathOf(path)]
    : []
}

function compositesOf(
  { indexes, fields: declared = {} }: IndexedCollection,
  scope: Pick<CompositeIndex, 'collectionGroup' | 'queryScope'>,
): readonly CompositeIndex[] {
  return indexes.flatMap(({ key }) => {
    const paths = key.filter(([path]) => path !== '_id')
    if (paths.length < 2) return []
    const ways = [paths, paths.map(([path, way], at) => [path, at === 0 ? way : -way] as const)]
    // A path of which nothing is declared may hold an array, whose elements are asked for in another index.
    const open = paths.findIndex(([path]) => !Object.hasOwn(declared, path))
    return ways.flatMap((way) => {
      const ordered = way.map(([path, direction]): IndexField => {
        return { fieldPath: fieldPathOf(path), order: direction === 1 ? 'ASCENDING' : 'DESCENDING' }
      })
      const contains = ordered.map((field, at): IndexField =>
        at === open ? { fieldPath: field.fieldPath, arrayConfig: 'CONTAINS' } : field,
      )
      const variants = open < 0 ? [ordered] : [ordered, contains]
      return variants.map((fields): CompositeIndex => ({ ...scope, fields }))
    })
  })
}

function isDeclared(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'indexes' in value && Array.isArray(value.indexes)
}
