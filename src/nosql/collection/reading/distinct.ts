import type { DriverCollection } from '../../contract/driver-collection.ts'
import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import { compareValues, equalValues } from '../../query/compare.ts'
import { ListGrowthCharge, sortSteps, type Meter } from '../../query/meter.ts'
import { collectAtPath } from '../../query/path.ts'
import { copyValue, type Value } from '../../query/value.ts'
import { hasKnownOrder } from '../../query/vendor-order.ts'
import { checkOptions, type QueryOptions } from '../checks/operation-options.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { charged, documentsLeft, payForAnswer, readCall } from '../spending.ts'
import { parseQuery, type ParsedQuery } from './parsed-query.ts'
import { pagesOf, planOf, type ReadContext } from './read.ts'

/** The different values at a path, array elements one by one, in sort order. */
export async function distinct(
  scope: CollectionScope,
  path: string,
  { filter, ...options }: QueryOptions & { readonly filter: unknown },
): Promise<Value[]> {
  checkOptions(options, ['mongodb'])
  if (typeof path !== 'string' || path === '' || path.startsWith('$') || path.includes('\0')) {
    throw new NoSQLFilterError('the path of distinct must be that of a field', { reason: 'BadValue', path: '' })
  }
  const asked = parseQuery(scope, filter, { ...options, needs: [path] })
  const context = { ...scope, options }
  const collection = await open(scope, options)
  const planned = await planOf(context, collection, asked)
  const { query } = planned
  const native = await distinctNatively(context, collection, { path, query })
  // The server has left out equal values, which only it can put in order where they are its own.
  if (native?.every(hasKnownOrder) === false) return [...native]
  if (native !== undefined) return differing([...native], query.meter)
  assertOwnComparison(query)
  const parts = path.split('.')
  const { meter } = query
  const growth = new ListGrowthCharge(meter)
  let values: Value[] = []
  let full = 10_000
  for await (const page of pagesOf(context, planned)) {
    const { length } = values
    for (const { document } of page)
      for (const value of collectAtPath(document, parts)) growth.grow(values.push(value), value)
    meter.work((page.length + values.length - length) * STEPS_OF_A_VALUE)
    if (meter.tired) await meter.rest()
    if (values.length < full) continue
    values = differing(values, meter)
    full = Math.max(full, values.length * 2)
  }
  return differing(values, meter).map(copyValue)
}

interface Asked {
  readonly path: string
  readonly query: ParsedQuery
}

/** No backend says how many documents it reads for this, so that with a budget for them they are read here. */
async function distinctNatively(
  context: ReadContext,
  collection: DriverCollection,
  { path, query }: Asked,
): Promise<readonly Value[] | undefined> {
  if (collection.distinct === undefined || documentsLeft(context) !== Infinity) return undefined
  const call = readCall(context, context.options)
  const values = await context.session.inTurn(async () =>
    charged(context, () => collection.distinct?.(path, query, call)),
  )
  if (values !== undefined) payForAnswer(context, query.meter, values)
  return values
}

/** @throws UnsupportedOperationError where values would be compared as only the server can */
function assertOwnComparison({ source }: ParsedQuery): void {
  if (source?.mongodb?.collation === undefined) return
  throw new UnsupportedOperationError("'collation' cannot be used here: these values are compared outside of MongoDB", {
    hint: "Leave out 'let' and the budget's 'maxDocuments', or use aggregate with $group.",
  })
}

/** The work of finding a value in a document, and of comparing two. */
const STEPS_OF_A_VALUE = 3
const STEPS_OF_A_COMPARISON = 2

function differing(values: Value[], meter: Meter): Value[] {
  meter.work(sortSteps(values.length) * STEPS_OF_A_COMPARISON)
  return values
    .sort((a, b) => compareValues(a, b, meter))
    .filter((value, i) => i === 0 || !equalValues(value, values[i - 1], meter))
}
