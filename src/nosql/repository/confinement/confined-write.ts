import { PermissionDeniedError } from '../../../core/errors.ts'
import { isPlainObject } from '../../../core/plain-object.ts'

/** The tenant of one call, and where documents say theirs. */
export interface TenantMark {
  readonly field: string
  readonly id: string | number
}

/** The document with its tenant. @throws PermissionDeniedError `LEX_ERR_DOM_003` for one of another tenant */
export function confineDocument(document: object, tenant: TenantMark): object {
  // What is not a document is refused by the collection, in its words.
  if (!isPlainObject(document)) return document
  assertOwnTenant(document, tenant)
  return { ...document, [tenant.field]: tenant.id }
}

/** @throws PermissionDeniedError `LEX_ERR_DOM_003` for a document that names another tenant */
export function assertOwnTenant(document: object, tenant: TenantMark): void {
  const own: unknown = Reflect.get(document, tenant.field)
  if (own !== undefined && own !== tenant.id) throw denied()
}

/** The update, which must leave the tenant alone. @throws PermissionDeniedError `LEX_ERR_DOM_003` */
export function confineUpdate(update: unknown, tenant: TenantMark): unknown {
  if (Array.isArray(update)) return [...(update as readonly unknown[]), restore(tenant)]
  if (!isPlainObject(update)) return update
  for (const [operator, fields] of Object.entries(update)) {
    if (typeof fields !== 'object' || fields === null) continue
    const targets: unknown[] = operator === '$rename' ? Object.entries(fields).flat() : Object.keys(fields)
    if (targets.some((path) => path === tenant.field || String(path).startsWith(`${tenant.field}.`))) throw denied()
  }
  return update
}

/** The last stage of a pipeline: whatever those before it did. */
function restore(tenant: TenantMark): object {
  return { $set: { [tenant.field]: { $literal: tenant.id } } }
}

function denied(): PermissionDeniedError {
  return new PermissionDeniedError('a document cannot be moved to another tenant', {
    hint: 'Leave the tenant field out: the repository keeps it.',
  })
}
