import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { assertPlainObject } from '../../core/plain-object.ts'

export function isIncluded(options: { readonly includeDeleted?: boolean | undefined }): boolean {
  return assertOptions(options, { includeDeleted: must.beBoolean }).includeDeleted ?? false
}

/** Options of a query for entities. @throws UsageError for a projection, which would make half an entity */
export function wholeEntities<O extends object>(options: O): O {
  if (!('projection' in assertPlainObject(options, 'options'))) return options
  throw new UsageError("'projection' cannot be used: a repository returns whole entities")
}
