import type { CollectionSpec } from '../../../contract/define-collection.ts'
import type { DriverContext } from '../../../contract/context.ts'
import type { DriverCollection } from '../../../contract/driver-collection.ts'
import { indexSignature, placedByBackend, type IndexModel } from '../../../contract/index-model.ts'
import { UnsupportedOperationError } from '../../../errors.ts'

/** The unique indexes that a program declares and the server does not have, under whatever name. */
export function missingUnique(spec: CollectionSpec | undefined, listed: readonly IndexModel[]): readonly IndexModel[] {
  const declared = (spec?.indexes ?? []).filter(({ unique }) => unique === true)
  if (declared.length === 0) return declared
  const there = new Set(listed.map(indexSignature))
  return declared.filter((index) => !there.has(indexSignature(placedByBackend(index))))
}

/** The TTL rules of a program hold for it where the server does not have their index. */
export function withDeclared(spec: CollectionSpec | undefined, listed: readonly IndexModel[]): readonly IndexModel[] {
  if (spec === undefined || spec.indexes.length === 0) return listed
  const names = new Set(listed.map(({ name }) => name))
  return [...listed, ...spec.indexes.filter(({ name }) => !names.has(name))]
}

/**
 * The same collection, for a program that declares unique keys without an index on the server: its first write creates these
 * indexes, because other backends also apply declarations from the first write on.
 *
 * @param make Makes the missing indexes; undefined within a transaction, which would wait for itself.
 */
export function uniqueBeforeWriting(
  collection: DriverCollection,
  make: ((context: DriverContext) => Promise<void>) | undefined,
): DriverCollection {
  const { modify, modifyMany } = collection
  let making: Promise<void> | undefined
  const made = (context: DriverContext): Promise<void> => {
    if (make === undefined) throw notWithinTransaction()
    making ??= make(context).catch((error: unknown) => {
      making = undefined
      throw error
    })
    return making
  }
  return {
    ...collection,
    async write(writes, context) {
      await made(context)
      return collection.write(writes, context)
    },
    ...(modify !== undefined && {
      async modify(command, context) {
        await made(context)
        return modify(command, context)
      },
    }),
    ...(modifyMany !== undefined && {
      async modifyMany(commands, context) {
        await made(context)
        return modifyMany(commands, context)
      },
    }),
  }
}

function notWithinTransaction(): UnsupportedOperationError {
  return new UnsupportedOperationError('a declared unique index cannot be created within a transaction', {
    hint: 'Call store.createCollection with the declaration before the transaction, in a migration say.',
  })
}
