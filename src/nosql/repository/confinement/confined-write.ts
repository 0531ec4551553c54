import { PermissionDeniedError } from '../../../core/errors.ts'
import type { Update } from '../../collection/types/update.ts'
import type { Document } from '../../query/value.ts'
import type { TenantMark } from '../options.ts'

/** The document with its tenant. @throws PermissionDeniedError `LEX_ERR_DOM_003` for one of another tenant */
export function confineDocument(document: object, tenant: TenantMark): Document {
  assertOwnTenant(document, tenant)
  return { ...document, [tenant.field]: tenant.id }
}

/** @throws PermissionDeniedError `LEX_ERR_DOM_003` for a document that names another tenant */
export function assertOwnTenant(document: object, tenant: TenantMark): void {
  const own: unknown = Reflect.get(document, tenant.field)
  if (own !== undefined && own !== tenant.id) throw denied()
}

/** The update, which must leave the tenant alone. @throws PermissionDeniedError `LEX_ERR_DOM_003` */
export function confineUpdate(update: Update, tenant: TenantMark): Update {
  if (Array.isArray(update)) return [...update, { $set: { [tenant.field]: { $literal: tenant.id } } }]
  for (const [operator, fields] of Object.entries(update)) {
    if (typeof fields !== 'object' || fields === null) continue
    const targets = operator === '$rename' ? Object.entries(fields).flat() : Object.keys(fields)
    if (targets.some((path) => path === tenant.field || String(path).startsWith(`${tenant.field}.`))) throw denied()
  }
  return update
}

function denied(): PermissionDeniedError {
  return new PermissionDeniedError('A document cannot be given to another tenant.', {
    hint: 'Leave the tenant field out: the repository keeps it.',
  })
}
