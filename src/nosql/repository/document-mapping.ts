import { assertOwnTenant } from './confinement/confined-write.ts'
import { assertPlainObject, wrapReadErrors } from '../../core/plain-object.ts'
import { assertPathName, unreadable } from '../query/storable.ts'
import type { Document } from '../query/value.ts'
import type { RepositoryCall } from './call.ts'
import { assertKey } from './identity.ts'
import { deletedAtField, deletedField } from './options.ts'

type Mapped = Readonly<Record<string, unknown>>

/**
 * A copy of what an entity maps to: whether it is new, its id and its fields are read one after the other.
 *
 * @throws UsageError for what is not a plain object; DocumentValidationError for one that cannot be read
 */
export function toMapped(returned: unknown): Mapped {
  const document: object = assertPlainObject(returned as object, 'what entityToDocument returns') // checked here
  return wrapReadErrors(() => ({ ...document }), unreadable(''))
}

/** The document that a new entity becomes. */
export function toInsert(document: Mapped, call: RepositoryCall): Document {
  const { timestamps, versionField, tenant, now } = call
  const { set } = splitFields(document, call)
  const createdAt = timestamps === undefined ? undefined : (document[timestamps.createdAt] ?? now)
  return {
    ...(document['_id'] !== undefined && { _id: assertKey(document['_id']) }),
    ...set,
    ...(timestamps !== undefined && { [timestamps.createdAt]: createdAt, [timestamps.updatedAt]: now }),
    ...(versionField !== undefined && { [versionField]: 1 }),
    ...(tenant !== undefined && { [tenant.field]: tenant.id }),
  } // the collection checks that every value can be stored
}

/** The update that makes a stored document agree with its entity; fields that the entity does not map stay. */
export function toUpdate(document: Mapped, call: RepositoryCall): Record<`$${string}`, object> {
  const { timestamps, versionField, now } = call
  const { set, unset } = splitFields(document, call)
  if (timestamps !== undefined) set[timestamps.updatedAt] = now
  return {
    // Also an entity that is nothing but its id is stored: an empty `$set` is an update, an object without operators is not.
    $set: set,
    ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((field) => [field, ''])) }),
    ...(timestamps !== undefined && {
      $setOnInsert: { [timestamps.createdAt]: document[timestamps.createdAt] ?? now },
    }),
    ...(versionField !== undefined && { $inc: { [versionField]: 1 } }),
  }
}

/** The update of a change that is not the entity's: a deletion, a restoration. It raises the version, too. */
export function toBookkeepingUpdate(
  change: { readonly $set?: object; readonly $unset?: object },
  { timestamps, versionField, now }: RepositoryCall,
): Record<`$${string}`, object> {
  const set = { ...change.$set, ...(timestamps !== undefined && { [timestamps.updatedAt]: now }) }
  return {
    ...change,
    ...(Object.keys(set).length > 0 && { $set: set }),
    ...(versionField !== undefined && { $inc: { [versionField]: 1 } }),
  }
}

/**
 * The fields that come from the entity. What the repository keeps never does: saving neither restores nor moves a
 * document. A name is one field and never a path, in an update as in an insert.
 *
 * @throws DocumentValidationError `LEX_ERR_NOSQL_005` for a name with a dot or a leading dollar
 */
function splitFields(document: Mapped, call: RepositoryCall) {
  const { timestamps, versionField, tenant } = call
  if (tenant !== undefined) assertOwnTenant(document, tenant)
  const kept = new Set(['_id', timestamps?.createdAt, timestamps?.updatedAt, versionField, tenant?.field])
  if (call.softDelete) kept.add(deletedField).add(deletedAtField)
  const set: Record<string, unknown> = {}
  const unset: string[] = []
  for (const [field, value] of Object.entries(document)) {
    if (kept.has(field)) continue
    assertPathName(field, field)
    if (value === undefined) unset.push(field)
    else set[field] = value
  }
  return { set, unset }
}
