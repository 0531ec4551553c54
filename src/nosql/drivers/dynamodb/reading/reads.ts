import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../../contract/query.ts'
import type { GetAccess, UnionAccess } from '../../../plan/access.ts'
import { sorterOf } from '../../../plan/choose-access.ts'
import { isAfter, keepOnly, onePage, skipAndLimit } from '../../../plan/pages.ts'
import { readClaims } from '../../../plan/read-plan.ts'
import { pagesOf, scanInput } from '../transport/requests.ts'
import { entryStreams, type Asked } from './entry-reads.ts'
import { ExpressionBuilder, type Condition } from './expression.ts'
import { getAll, getOne, getSize } from './gets.ts'
import { pageSizes } from './page-sizes.ts'
import { accessOf, type ReadTarget, type SpreadAccess, type SpreadShape } from './read-access.ts'
import { merged, readInTurn, type Open } from './side-by-side.ts'
import { stored, storedId } from './stored.ts'

/** What is scanned is filtered afterwards, and other collections may be in the table. */
const leastScanned = 100

type Page = DriverPage<StoredDocument>
type Pages = AsyncIterable<Page>

/** By key, through the entries of indexes, or by a scan; what DynamoDB cannot say is re-checked by the portable layer. */
export function planRead(target: ReadTarget, query: DriverQuery): ReadPlan {
  const { access, pushed, isCut, residual } = accessOf(target, query)
  const sorter = isCut && query.sort !== undefined ? 'client' : sorterOf(access, query.sort)
  const isRead = access.kind === 'index' || access.kind === 'union'
  const claims = readClaims(query, {
    access,
    native: isRead ? describeAccess(access) : (pushed?.native ?? null) && describe(pushed?.native),
    residual,
    sorter,
    positioned: isRead && sorter === 'index',
    limits: true,
    estimatedRequests: requestsOf(access),
    ...(isRead && { requiredIndexes: [] }),
  })
  const reads = (context: DriverContext): Pages => {
    switch (access.kind) {
      case 'none':
        return nothing()
      case 'get':
        return getAll(access.ids, { endsEarly: enoughOf(claims, query) !== Infinity })(target.place, context)
      case 'index':
      case 'union':
        return readIndexes(access, { query, claims, isCut })(target.place, context)
      case 'scan':
      default:
        return scan(target, { filter: pushed?.native, query }, context)
    }
  }
  return {
    ...claims,
    read: (context) => {
      const [id, ...others] = access.kind === 'get' && query.skip === 0 ? access.ids : []
      if (id !== undefined && others.length === 0) return onePage(() => getOne(target.place, id, context))
      return claims.limited ? skipAndLimit(reads(context), query) : reads(context)
    },
  }
}

type Read = SpreadAccess | GetAccess | UnionAccess<SpreadShape>

/** What is read in pages counts as its first. */
function requestsOf(access: ReturnType<typeof accessOf>['access']): number {
  switch (access.kind) {
    case 'index':
      return access.runs.length * (access.index.shards ?? 1)
    case 'get':
      return Math.ceil(access.ids.length / getSize)
    case 'union':
      return access.branches.reduce((sum, branch) => sum + requestsOf(branch.access), 0)
    case 'none':
    case 'scan':
    default:
      return 1
  }
}

async function* nothing(): AsyncGenerator<Page, void> {}

/** All documents that are sorted here are read. */
function enoughOf({ sorted }: Pick<ReadPlan, 'sorted'>, { skip, limit }: DriverQuery): number {
  return sorted ? skip + limit : Infinity
}

/** Through one index, or through those of the branches of an `or`: side by side, each document once. */
function readIndexes(
  access: SpreadAccess | UnionAccess<SpreadShape>,
  { query, claims, isCut }: Omit<Asked, 'enough'> & { readonly isCut: boolean },
): Open<Page> {
  const most = enoughOf(claims, query)
  const mergedBy = claims.sorted && access.merge ? query.sort : undefined
  const branches = access.kind === 'union' ? access.branches.map((branch) => branch.access) : [access]
  // Keys that are cut may bring a document in several runs.
  const repeats =
    isCut || branches.length > 1 || branches.some((each) => each.kind === 'index' && each.index.arrays !== 'none')
  return async function* each(place, context) {
    let found = 0
    const enough = () => most - (mergedBy === undefined ? found : 0)
    const streams = branches.flatMap((branch) => streamsOf(branch, { query, claims, enough }))
    const open =
      mergedBy === undefined || streams.length === 1
        ? readInTurn(streams, { endsEarly: most !== Infinity })
        : merged(streams, mergedBy)
    const seen = repeats ? new Set<unknown>() : undefined
    for await (const page of open(place, context)) {
      const documents = seen === undefined ? page.documents : page.documents.filter((one) => isNew(seen, one))
      found += claims.limited ? documents.length : 0
      yield { ...page, documents }
    }
  }
}

function streamsOf(access: SpreadAccess | GetAccess, asked: Asked): readonly Open<Page>[] {
  if (access.kind === 'index') return entryStreams(access, asked)
  const { sort, after } = asked.query
  const all = getAll(access.ids, { endsEarly: false })
  if (sort === undefined || after === undefined || !asked.claims.sorted) return [all]
  return [(place, context) => keepOnly(all(place, context), isAfter(sort, after))]
}

function isNew(seen: Set<unknown>, found: StoredDocument): boolean {
  const before = seen.size
  return seen.add(storedId(found)).size > before
}

interface Scanned {
  readonly filter: Condition | undefined
  readonly query: DriverQuery
}

async function* scan({ place }: ReadTarget, { filter, query }: Scanned, context: DriverContext): Pages {
  const enough = enoughOf({ sorted: query.sort === undefined }, query)
  const nextSize = pageSizes({ enough, exact: false, least: leastScanned }, context)
  const request = { operation: 'Scan', input: scanInput(place, filter), nextSize } as const
  for await (const { items, ...cost } of pagesOf(place, request, context)) {
    yield { ...cost, documents: items.map(stored) }
  }
}

function describeAccess(access: Read): unknown {
  if (access.kind === 'union') return access.branches.map((branch) => describeAccess(branch.access))
  if (access.kind === 'get') return { index: '_id_' }
  const { name, shards = 1 } = access.index
  return { index: name, ...(shards > 1 && { shards }) }
}

function describe(native: Condition | undefined): unknown {
  if (native === undefined) return null
  const builder = new ExpressionBuilder()
  return { FilterExpression: native(builder), ...builder.members }
}
