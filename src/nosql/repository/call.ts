import { UsageError } from '../../core/errors.ts'
import { kindOf } from '../../core/plain-object.ts'
import type { Confinement } from '../collection/collection-scope.ts'
import type { Filter } from '../collection/types/filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { confinePipeline } from './confinement/confined-pipeline.ts'
import { confineDocument, confineUpdate, type TenantMark } from './confinement/confined-write.ts'
import { isScalar } from './identity.ts'
import { deletedField, type RepositoryRules } from './options.ts'

/** What holds for one call of a repository, from its first line to its last, whatever it awaits. */
export interface RepositoryCall extends Pick<RepositoryRules, 'softDelete' | 'timestamps' | 'versionField'> {
  readonly tenant: TenantMark | undefined
  readonly now: Date
}

/** Asks for the tenant and the time, once. @throws UsageError where a tenant is needed and there is none */
export function beginCall({ clock, tenant, ...rules }: RepositoryRules): RepositoryCall {
  return { ...rules, tenant: tenant && { field: tenant.field, id: currentTenant(tenant.id) }, now: new Date(clock()) }
}

/** What narrows every query of the call. */
export function baseFilter({ tenant, softDelete }: RepositoryCall, includeDeleted: boolean): readonly Filter[] {
  return [
    ...(tenant === undefined ? [] : [{ [tenant.field]: { $eq: tenant.id } }]),
    ...(softDelete && !includeDeleted ? [{ [deletedField]: { $ne: true } }] : []),
  ]
}

/** What the collection of a repository cannot leave during one call. */
export function confinementOf(collection: string, call: RepositoryCall, includeDeleted: boolean): Confinement {
  const base = baseFilter(call, includeDeleted)
  const { tenant } = call
  return {
    base,
    node: base.length === 0 ? undefined : parseFilter({ $and: base }),
    writes: tenant && {
      document: (document) => confineDocument(document, tenant),
      update: (update) => confineUpdate(update, tenant),
    },
    pipeline: (stages) => confinePipeline(stages, { collection, base, confined: tenant !== undefined }),
  }
}

/** Fails closed: without a tenant nothing is read or written. */
function currentTenant(given: string | number | (() => string | number | undefined)): string | number {
  const id: unknown = typeof given === 'function' ? given() : given
  if (isScalar(id) && typeof id !== 'bigint' && id !== '') return id
  if (id === undefined || id === null || id === '') {
    throw new UsageError('this repository cannot be used without a tenant: it is confined to one', {
      hint: 'Pass the tenant of the request, or use a repository without the tenant option.',
    })
  }
  throw new UsageError(`a tenant must be text or a finite number, not ${kindOf(id)}`)
}
