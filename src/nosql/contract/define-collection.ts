import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { assertPlainObject } from '../../core/plain-object.ts'
import { DocumentValidationError } from '../errors.ts'
import { parseIndex, type IndexKeys, type IndexModel, type IndexOptions } from './index-model.ts'
import { assertCollectionName } from '../store/collection-name.ts'

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
}

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
 * Declares scalar fields and indexes, so that plans become exact and backends that need their indexes in advance know
 * them. Without it everything works, with more predicates re-checked after reading.
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
  return Object.freeze({
    name,
    fields: Object.freeze({ ...fields }),
    indexes: indexes.map((index) => {
      const { keys, ...options } = assertPlainObject(index, 'a declared index')
      return parseIndex(keys, options)
    }),
  })
}
