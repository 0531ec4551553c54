import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { checkField } from '../../core/specification/operand.ts'

/** What a repository of documents does beside its mapping: soft deletion, versions, tenants, timestamps. */
export interface RepositoryOptions {
  /** `delete` marks documents, which are then invisible on every path unless asked for. @default false */
  readonly softDelete?: boolean
  /** Keeps the times of creation and of the last change, in these fields. @default false; true: createdAt, updatedAt */
  readonly timestamps?: boolean | { readonly createdAt: string; readonly updatedAt: string }
  /**
   * Counts changes in this field, which the entity carries: a save over another's change is refused. @default false;
   * true: version
   */
  readonly version?: boolean | string
  /** Confines every path to the documents of one tenant. */
  readonly tenant?: TenantOptions
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number
}

/** The tenant that a repository is confined to, and the field that holds it. */
export interface TenantOptions {
  /** @default tenantId */
  readonly field?: string
  /** The tenant, or a function that is asked once for each call. Without one every call fails. */
  readonly id: string | number | (() => string | number | undefined)
}

/** The marks of soft deletion, in the stored document. */
export const deletedField = '_deleted'
export const deletedAtField = '_deletedAt'

/** Options of a repository with their defaults filled in. */
export interface RepositoryRules {
  readonly softDelete: boolean
  readonly timestamps: { readonly createdAt: string; readonly updatedAt: string } | undefined
  readonly versionField: string | undefined
  readonly tenant: { readonly field: string; readonly id: TenantOptions['id'] } | undefined
  readonly clock: () => number
}

const beBooleanOrText: OptionCheck = {
  expected: 'true, false or text',
  holds: (value) => typeof value === 'boolean' || must.beText.holds(value),
}

const beBooleanOrObject: OptionCheck = {
  expected: 'true, false or a plain object',
  holds: (value) => typeof value === 'boolean' || must.bePlainObject.holds(value),
}

const optionChecks = {
  softDelete: must.beBoolean,
  timestamps: beBooleanOrObject,
  version: beBooleanOrText,
  tenant: must.bePlainObject,
  clock: must.beFunction,
} satisfies Readonly<Record<keyof RepositoryOptions, OptionCheck>>

/** @throws UsageError `LEX_ERR_USE_001` for an option that does not exist, or of the wrong type, and for a field named twice */
export function toRules(options: RepositoryOptions): RepositoryRules {
  const {
    softDelete = false,
    timestamps = false,
    version = false,
    tenant,
    clock = Date.now,
  } = assertOptions(options, optionChecks, 'the options of a repository')
  const rules = {
    softDelete,
    timestamps: timestampFields(timestamps),
    versionField: versionField(version),
    tenant: tenant === undefined ? undefined : tenantRule(tenant),
    clock,
  }
  assertApart(rules)
  return rules
}

/** Of two values in one field, one would be lost: a version that is a tenant, a time that is another. */
function assertApart({ timestamps, versionField, tenant }: RepositoryRules): void {
  const fields = [timestamps?.createdAt, timestamps?.updatedAt, versionField, tenant?.field].filter(
    (field) => field !== undefined,
  )
  if (new Set(fields).size === fields.length) return
  throw new UsageError('each field that a repository keeps must have its own name: two options name the same')
}

function timestampFields(timestamps: NonNullable<RepositoryOptions['timestamps']>): RepositoryRules['timestamps'] {
  if (timestamps === false) return undefined
  if (timestamps === true) return { createdAt: 'createdAt', updatedAt: 'updatedAt' }
  const { createdAt, updatedAt } = assertOptions(
    timestamps,
    { createdAt: must.beText, updatedAt: must.beText },
    'timestamps',
  )
  return { createdAt: ownField(createdAt), updatedAt: ownField(updatedAt) }
}

function versionField(version: boolean | string): string | undefined {
  if (version === false) return undefined
  return version === true ? 'version' : ownField(version)
}

function tenantRule(tenant: TenantOptions): RepositoryRules['tenant'] {
  const { field = 'tenantId', id } = assertOptions(tenant, { field: must.beText, id: must.beAnything }, 'tenant')
  return { field: ownField(field), id }
}

function ownField(field: string): string {
  checkField(field)
  if (!field.includes('.') && field !== '_id' && !field.startsWith('_deleted')) return field
  throw new UsageError('a field that a repository keeps must be a top-level field, and not one that it keeps already')
}
