import { UsageError } from '../../core/errors.ts'
import { checkField } from '../../core/specification/operand.ts'
import type { Filter } from '../collection/types/filter.ts'

export interface RepositoryOptions {
  /** `delete` marks documents, which are then invisible on every path unless asked for. @default false */
  readonly softDelete?: boolean
  /** Keeps the times of creation and of the last change, in these fields. @default false; true: createdAt, updatedAt */
  readonly timestamps?: boolean | { readonly createdAt: string; readonly updatedAt: string }
  /** Refuses to save over somebody else's change; the entity carries the field. @default false; true: version */
  readonly optimisticLock?: boolean | { readonly field: string }
  /** Confines every path to the documents of one tenant. */
  readonly tenant?: TenantOptions
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number
}

export interface TenantOptions {
  /** @default tenantId */
  readonly field?: string
  /** The tenant, or a function that gives it for each call. Without one every call fails. */
  readonly id: string | number | (() => string | number | undefined)
}

/** The marks of soft deletion, in the stored document. */
export const deletedField = '_deleted'
export const deletedAtField = '_deletedAt'

export interface TenantMark {
  readonly field: string
  readonly id: string | number
}

/** Options of a repository with their defaults filled in. */
export interface RepositoryRules {
  readonly softDelete: boolean
  readonly timestamps: { readonly createdAt: string; readonly updatedAt: string } | undefined
  readonly versionField: string | undefined
  /** The tenant of the call at hand. @throws UsageError when there is none */
  readonly tenant: () => TenantMark | undefined
  readonly now: () => Date
}

export function toRules(options: RepositoryOptions): RepositoryRules {
  const { softDelete = false, timestamps = false, optimisticLock = false, tenant, clock = Date.now } = options
  const times = timestamps === true ? { createdAt: 'createdAt', updatedAt: 'updatedAt' } : timestamps || undefined
  const versionField = optimisticLock === true ? 'version' : optimisticLock === false ? undefined : optimisticLock.field
  const fields = [times?.createdAt, times?.updatedAt, versionField, tenant && (tenant.field ?? 'tenantId')]
  for (const field of fields) if (field !== undefined) assertOwnField(field)
  return {
    softDelete,
    timestamps: times,
    versionField,
    tenant: () => currentTenant(tenant),
    now: () => new Date(clock()),
  }
}

/** What narrows every query of the call at hand. */
export function baseFilter(rules: RepositoryRules, includeDeleted: boolean): readonly Filter[] {
  const tenant = rules.tenant()
  return [
    ...(tenant === undefined ? [] : [{ [tenant.field]: { $eq: tenant.id } }]),
    ...(rules.softDelete && !includeDeleted ? [{ [deletedField]: { $ne: true } }] : []),
  ]
}

/** Fails closed: without a tenant nothing is read or written. */
function currentTenant(tenant: TenantOptions | undefined): TenantMark | undefined {
  if (tenant === undefined) return undefined
  const id = typeof tenant.id === 'function' ? tenant.id() : tenant.id
  const valid = typeof id === 'string' ? id !== '' : typeof id === 'number' && Number.isFinite(id)
  if (valid) return { field: tenant.field ?? 'tenantId', id: id as string | number } // checked just above
  throw new UsageError('this repository is confined to a tenant, and there is none', {
    hint: 'Give it the tenant of the request, or use a repository without the tenant option.',
  })
}

function assertOwnField(field: string): void {
  checkField(field)
  if (field.includes('.') || field === '_id' || field.startsWith('_deleted'))
    throw new UsageError('the fields that a repository keeps are top-level fields of their own')
}
