import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import { UsageError } from '../../../core/errors.ts'
import { isReadablePlainObject, kindOf } from '../../../core/plain-object.ts'
import type { MongoDbQuery } from '../../contract/vendor-query.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { copyGiven } from '../../query/copy-given.ts'
import type { CollectionScope } from '../collection-scope.ts'
import { badValue, inside } from '../../query/refusal.ts'
import { isDocument } from '../../query/value.ts'

const checks = {
  filter: must.bePlainObject,
  stages: must.beArray,
  hint: {
    expected: 'the name of an index or an object of its keys',
    holds: (value) => typeof value === 'string' || isReadablePlainObject(value),
  },
  collation: must.bePlainObject,
  comment: must.beText,
} satisfies Readonly<Record<keyof MongoDbQuery, OptionCheck>>

/**
 * A copy of the option `mongodb`.
 *
 * @throws UnsupportedOperationError where the backend does not have it
 * @throws UsageError for what the operation cannot have, and what could lead out of a repository
 * @throws NoSQLFilterError for what would not be sent, such as a condition that is undefined
 */
export function vendorQueryOf(
  { session, confinement }: CollectionScope,
  asked: MongoDbQuery,
  operation: 'query' | 'aggregate',
): MongoDbQuery {
  const { backend } = session.store
  if (backend.capabilities.vendorQuery !== 'mongodb') {
    throw new UnsupportedOperationError(`the option 'mongodb' cannot be used with the driver '${backend.name}'`, {
      hint: 'Leave it out, or keep this collection in MongoDB.',
    })
  }
  // Checked by `assertOptions`.
  const given = assertOptions(copyGiven(asked) as MongoDbQuery, checks, "the option 'mongodb'")
  for (const [name, part] of Object.entries(given)) if (part !== undefined) assertSendable(part, name)
  const foreign = operation === 'aggregate' ? 'filter' : 'stages'
  if (given[foreign] !== undefined) {
    throw new UsageError(
      `the option 'mongodb' of ${operation === 'aggregate' ? 'a pipeline' : 'a query'} cannot hold '${foreign}'`,
    )
  }
  const leading = confinement === undefined ? undefined : (['stages', 'collation'] as const).find((name) => given[name])
  if (leading !== undefined) {
    // Another comparison of texts could make another tenant's name equal, and stages could read other collections.
    throw new UsageError(`'${leading}' of the option 'mongodb' cannot be used in a repository`, {
      hint: 'Use the collection of the store.',
    })
  }
  return given
}

/**
 * Refuses what the vendor's codec drops silently: a condition without it would match every document. Values of classes
 * are the vendor's to judge.
 *
 * @throws NoSQLFilterError for `undefined`, functions and symbols, however deep
 */
function assertSendable(value: unknown, at: string): void {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw badValue(`the option 'mongodb' cannot hold ${kindOf(value)}`, at)
  if (Array.isArray(value)) for (const [index, element] of value.entries()) assertSendable(element, inside(at, index))
  else if (isDocument(value)) for (const [name, inner] of Object.entries(value)) assertSendable(inner, inside(at, name))
}
