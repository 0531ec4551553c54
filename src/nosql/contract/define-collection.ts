import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { assertPlainObject, isReadablePlainObject, kindOf } from '../../core/plain-object.ts'
import { DocumentValidationError } from '../errors.ts'
import { parseIndex, type IndexKeys, type IndexModel, type IndexOptions } from './index-model.ts'
import { assertCollectionName } from '../store/collection-name.ts'

/** The same symbol in every copy of the package; a copy of a declaration, `{ ...users }`, does not have it. */
const brand: unique symbol = Symbol.for('lexigram-edge.collection')

/** Scalar types that a field can be declared as. */
export type FieldType = 'string' | 'number' | 'boolean' | 'date' | 'bytes'

/** What is known about a collection beyond its name; made by {@link defineCollection}. */
export interface CollectionSpec<T extends object = Readonly<Record<string, unknown>>> {
  readonly name: string
  /** Paths that hold, in every document, one scalar of this type, null or nothing. Writes are checked against it. */
  readonly fields: Readonly<Record<string, FieldType>>
  readonly indexes: readonly IndexModel[]
  /** Exists for the compiler only. */
  readonly document?: T
  /** Nothing else has checked what it says. */
  readonly [brand]: true
}

/** The fields and indexes that `defineCollection` declares. */
export interface CollectionDeclaration {
  readonly fields?: Readonly<Record<string, FieldType>>
  readonly indexes?: readonly ({ readonly keys: IndexKeys } & IndexOptions)[]
}

const declarationChecks = {
  fields: must.bePlainObject,
  indexes: must.beArray,
} satisfies Readonly<Record<keyof CollectionDeclaration, OptionCheck>>

const fieldTypes = new Set<unknown>(['string', 'number', 'boolean', 'date', 'bytes'] satisfies FieldType[])

/**
 * Declares scalar fields and indexes, so that plans are exact and backends that need indexes in advance know them. A
 * collection without a declaration works as well, and re-checks more predicates after reading.
 *
 * @throws DocumentValidationError for a name, type or index that cannot be.
 * @example
 * import { defineCollection } from 'lexigram-edge/nosql'
 *
 * export const users = defineCollection<User>('users', {
 *   fields: { email: 'string', age: 'number' },
 *   indexes: [{ keys: 'email', unique: true }],
 * })
 * const collection = store.collection(users)
 */
export function defineCollection<T extends object = Readonly<Record<string, unknown>>>(
  name: string,
  declaration: CollectionDeclaration = {},
): CollectionSpec<T> {
  assertCollectionName(name)
  const { fields = {}, indexes = [] } = assertOptions(declaration, declarationChecks, 'the declaration of a collection')
  for (const [path, type] of Object.entries(fields)) {
    if (!fieldTypes.has(type)) {
      throw new DocumentValidationError('a declared field must be a string, number, boolean, date or bytes', {
        reason: 'BadValue',
        path,
      })
    }
  }
  const spec = {
    name,
    fields: Object.freeze({ ...fields }),
    indexes: Object.freeze(
      indexes.map((index) => {
        const { keys, ...options } = assertPlainObject(index, 'a declared index')
        return parseIndex(keys, options)
      }),
    ),
  }
  return Object.freeze(Object.defineProperty(spec, brand, { value: true })) as CollectionSpec<T> // has the brand now
}

/**
 * Refuses an object that only looks like a declaration. Backends store declarations, and unchecked indexes would make the
 * collection unusable.
 *
 * @throws UsageError `LEX_ERR_USE_001`
 */
export function assertDefined<S extends object>(spec: S): S {
  if (isReadablePlainObject(spec) && brand in spec) return spec
  throw new UsageError(`a collection must be what defineCollection returns, not ${kindOf(spec)}`, {
    hint: 'Declare it with defineCollection(name, { fields, indexes }).',
  })
}
