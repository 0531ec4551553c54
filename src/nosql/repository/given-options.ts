import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { assertPlainObject } from '../../core/plain-object.ts'

export function isIncluded(options: { readonly includeDeleted?: boolean | undefined }): boolean {
  return assertOptions(options, { includeDeleted: must.beBoolean }).includeDeleted ?? false
}

interface Counts {
  readonly limit?: unknown
  readonly skip?: unknown
}

/**
 * Options of a query for entities.
 *
 * @param least what `limit` must be at least
 * @throws UsageError for a projection, which would make half an entity, and for numbers that it cannot count by
 */
export function wholeEntities<O extends object & Counts>(options: O, least: 0 | 1): O {
  if ('projection' in assertPlainObject(options, 'options'))
    throw new UsageError("'projection' cannot be used: a repository returns whole entities")
  const { limit, skip } = options
  assertOptions({ limit, skip }, { limit: must.beWholeNumberFrom(least), skip: must.beWholeNumberFrom(0) })
  return options
}
