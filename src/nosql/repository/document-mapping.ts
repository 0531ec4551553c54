import { assertOwnTenant } from './confinement/confined-write.ts'
import type { Document } from '../query/value.ts'
import { deletedAtField, deletedField, type RepositoryRules } from './options.ts'

/** What an entity maps to: the fields to store. A field that is `undefined` is removed from the document. */
export type EntityDocument = Readonly<Record<string, unknown>>

/** The document that a new entity becomes. */
export function toInsert(document: EntityDocument, rules: RepositoryRules): Document {
  const now = rules.now()
  const { timestamps, versionField } = rules
  const { set } = splitFields(document, rules)
  const tenant = rules.tenant()
  const createdAt = timestamps === undefined ? undefined : (document[timestamps.createdAt] ?? now)
  return {
    ...(document['_id'] !== undefined && { _id: document['_id'] }),
    ...set,
    ...(timestamps !== undefined && { [timestamps.createdAt]: createdAt, [timestamps.updatedAt]: now }),
    ...(versionField !== undefined && { [versionField]: 1 }),
    ...(tenant !== undefined && { [tenant.field]: tenant.id }),
  } as Document // the collection checks that every value can be stored
}

/** The update that makes a stored document agree with its entity; fields that the entity does not map stay. */
export function toUpdate(document: EntityDocument, rules: RepositoryRules): Record<string, unknown> {
  const now = rules.now()
  const { timestamps, versionField } = rules
  const { set, unset } = splitFields(document, rules)
  if (timestamps !== undefined) set[timestamps.updatedAt] = now
  const update = {
    $set: set,
    $unset: Object.fromEntries(unset.map((field) => [field, ''])),
    $setOnInsert: timestamps === undefined ? {} : { [timestamps.createdAt]: document[timestamps.createdAt] ?? now },
    $inc: versionField === undefined ? {} : { [versionField]: 1 },
  }
  return Object.fromEntries(Object.entries(update).filter(([, fields]) => Object.keys(fields).length > 0))
}

/** The update behind a change that is not the entity's own: a deletion, a restoration. */
export function toBookkeepingUpdate(
  change: Readonly<Record<string, unknown>>,
  rules: RepositoryRules,
): Record<string, unknown> {
  const { timestamps, versionField } = rules
  const set = {
    ...(change['$set'] as object | undefined),
    ...(timestamps !== undefined && { [timestamps.updatedAt]: rules.now() }),
  }
  return {
    ...change,
    ...(Object.keys(set).length > 0 && { $set: set }),
    ...(versionField !== undefined && { $inc: { [versionField]: 1 } }),
  }
}

/** What the repository keeps itself never comes from an entity: saving neither restores nor moves a document. */
function splitFields(document: EntityDocument, rules: RepositoryRules) {
  const { timestamps, versionField } = rules
  const tenant = rules.tenant()
  if (tenant !== undefined) assertOwnTenant(document, tenant)
  const kept = new Set(['_id', timestamps?.createdAt, timestamps?.updatedAt, versionField, tenant?.field])
  if (rules.softDelete) kept.add(deletedField).add(deletedAtField)
  const set: Record<string, unknown> = {}
  const unset: string[] = []
  for (const [field, value] of Object.entries(document)) {
    if (kept.has(field)) continue
    if (value === undefined) unset.push(field)
    else set[field] = value
  }
  return { set, unset }
}
