/**
 * Like DynamoDB: indexes over bytes with a limit, read by ranges of keys, a partition first and backwards with reversed
 * ties; filter expressions that compare within one type, look into no list and know what is missing.
 */

import type { IndexModel } from '../../../src/nosql/contract/index-model.ts'
import { filedValues, indexEntries, type IndexRules } from '../../../src/nosql/keys/index-entries.ts'
import { cutKey, keyRange, rangeFrom, type KeyRange } from '../../../src/nosql/keys/key-range.ts'
import { compareKeys, orderedKey } from '../../../src/nosql/keys/ordered-key.ts'
import type { Access, IndexAccess, IndexRun } from '../../../src/nosql/plan/access.ts'
import { chooseAccess, sorterOf } from '../../../src/nosql/plan/choose-access.ts'
import { conjunction } from '../../../src/nosql/plan/conjuncts.ts'
import { type IndexShape, indexShape } from '../../../src/nosql/plan/index-shape.ts'
import { chainPages, mergePages, takesFirst } from '../../../src/nosql/plan/merge.ts'
import { neededPaths } from '../../../src/nosql/plan/needs.ts'
import { isAfter, keepOnly, skipAndLimit, sortRuns } from '../../../src/nosql/plan/pages.ts'
import { push } from '../../../src/nosql/plan/push.ts'
import { readClaims, type ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import { runTest } from '../../../src/nosql/plan/runs.ts'
import { seekRun } from '../../../src/nosql/plan/seek.ts'
import { equalValues } from '../../../src/nosql/query/compare.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import { compareSortValues, compileSortValues, type SortKey } from '../../../src/nosql/query/sort.ts'
import type { DriverPage, Needs } from '../../../src/nosql/contract/query.ts'
import type { Document } from '../../../src/nosql/query/value.ts'
import { dynamodbDialect } from './dynamodb-dialect.ts'
import { type Data, entriesOf, type Found, pagesOf, type SimulatedBackend } from './simulated-backend.ts'

/** The class of documents that have arrays at the paths of an index: after all values, in either direction. */
const manyKey = new Uint8Array([0xfe])

/** Bytes of a key; few, so that texts are cut. */
const limit = 10

interface Item extends Found {
  readonly partition: string
  readonly key: Uint8Array
}

interface Shape extends IndexShape {
  readonly items: readonly Item[]
}

export const dynamodbLike: SimulatedBackend = {
  name: 'like DynamoDB',
  plan(question, data) {
    const { filter, sort, after, skip } = question
    const shapes = data.indexes.flatMap((model, at) => shapeOf(model, at, data) ?? [])
    const access = chooseAccess(question, { indexes: shapes, facts: data.facts })
    const pushed = push(conjunction(access.residual), dynamodbDialect, data.facts)
    const { residual } = pushed
    const sorter = sorterOf(access, sort)
    const claims = readClaims(question, {
      access,
      native: null,
      residual,
      sorter,
      positioned: sorter === 'index',
      limits: true,
      estimatedRequests: 1,
    })
    const isTested = access.kind === 'union' || residual.length > 0 || !isUncut(access)
    const tested = isTested ? filter : undefined
    const needs = neededPaths({ tested, sort, wanted: 'keys', facts: data.facts })
    const send: Send = { question, needs, passes: pushed.native ?? (() => true) }
    const found = read(access, data, send)
    const placed =
      sort === undefined || after === undefined || sorter === 'client'
        ? found
        : keepOnly<Found>(found, isAfter(sort, after))
    return {
      claims,
      pages: claims.limited ? skipAndLimit(placed, { skip, limit: question.limit }) : placed,
    }
  },
}

interface Send {
  readonly question: ReadQuestion
  readonly needs: Needs
  readonly passes: (document: Document) => boolean
}

/** Every second index has an item per array element; one of two paths or more has a partition. */
function shapeOf(model: IndexModel, at: number, { documents, facts }: Data): Shape | undefined {
  const arrays = at % 2 === 0 ? 'apart' : 'entries'
  const partition = model.key.length > 1 && at !== 2 ? 1 : 0
  const shape = indexShape(model, facts, { arrays, partition, backwards: 'reversed ties' })
  const rules: IndexRules = { ...model, includes: shape.partial && compileFilter(shape.partial) }
  try {
    const items = documents.flatMap((document) => itemsOf(document, rules, shape))
    return { ...shape, items: items.sort((a, b) => compareKeys(a.key, b.key)) }
  } catch {
    // Two arrays in one document: there can be no such index.
    return undefined
  }
}

function itemsOf(document: Document, rules: IndexRules, { arrays, key, partition = 0 }: IndexShape): readonly Item[] {
  const id = [document['_id'], 1] as const
  const item = (values: ReturnType<typeof indexEntries>[number]): Item => {
    const parts = values.map((value, at) => [value, key[at]?.[1] ?? 1] as const)
    const [start, rest] = [parts.slice(0, partition), parts.slice(partition)]
    return { document, partition: String(orderedKey(start)), key: cutKey(orderedKey([...rest, id]), limit) }
  }
  if (arrays === 'entries') return indexEntries(rules, document).map(item)
  const values = filedValues(rules, document)
  if (values === undefined) return []
  if (values !== 'many') return [item(values)]
  return [{ document, partition: 'many', key: cutKey(new Uint8Array([...manyKey, ...orderedKey([id])]), limit) }]
}

/** Whether no range of an access was cut. */
function isUncut(access: Access<Shape>): boolean {
  return access.kind !== 'index' || access.runs.every((run) => rangeOf(access.index, run).exact)
}

function rangeOf({ key, partition = 0 }: Shape, { equal, interval }: IndexRun): KeyRange {
  return keyRange(equal.slice(partition), interval, { key: key.slice(partition), limit })
}

function read(access: Access<Shape>, data: Data, send: Send): AsyncGenerator<DriverPage<Found>, void> {
  switch (access.kind) {
    case 'none':
      return pagesOf([], send)
    case 'scan':
      return pagesOf(entriesOf(data.documents), send)
    case 'get': {
      const found = access.ids.flatMap((id) => data.documents.filter((each) => equalValues(each['_id'], id)))
      return pagesOf(entriesOf(found), send)
    }
    case 'union': {
      const streams = access.branches.map((branch) => read(branch.access, data, send))
      const { sort } = send.question
      if (access.merge && sort !== undefined) return mergePages(streams, sort)
      return chainPages(streams, takesFirst(access.branches.map(({ filter }) => filter)))
    }
    case 'index':
    default:
      return readIndex(access, send)
  }
}

function readIndex(access: IndexAccess<Shape>, send: Send): AsyncGenerator<DriverPage<Found>, void> {
  const { sort } = send.question
  const runs = access.order === -1 ? access.runs.toReversed() : access.runs
  const streams = runs.map((run): AsyncGenerator<DriverPage<Found>, void> => {
    const cut = !rangeOf(access.index, run).exact && access.index.arrays !== 'entries'
    const sent = pagesOf(itemsOfRun(access, run, send), send)
    const pages = cut ? keepOnly(sent, runTest(access.index, run)) : sent
    return sort === undefined || access.order === undefined
      ? pages
      : sortRuns(pages, sort, { isSame: isUnordered(access, sort) })
  })
  if (access.merge && sort !== undefined) return mergePages(streams, sort)
  if (access.apart)
    streams.push(
      pagesOf(
        access.index.items.filter(({ partition }) => partition === 'many'),
        send,
      ),
    )
  return access.index.arrays === 'entries' ? oncePerId(chainPages(streams)) : chainPages(streams)
}

function itemsOfRun(access: IndexAccess<Shape>, run: IndexRun, { question }: Send): readonly Item[] {
  const { key, partition = 0, items } = access.index
  const { sort, after } = question
  const { order } = access
  let range = rangeOf(access.index, run)
  if (order !== undefined && sort !== undefined && after !== undefined) {
    const seek = seekRun(access, run, { sort, after })
    if (seek === 'none') return []
    const equal = run.equal.slice(partition)
    if (seek !== 'all') range = rangeFrom(range, seek, { key: key.slice(partition), limit, equal, order })
  }
  const start = String(
    orderedKey(run.equal.slice(0, partition).map((value, at) => [value, key[at]?.[1] ?? 1] as const)),
  )
  const found = items.filter(
    (item) =>
      item.partition === start && compareKeys(range.from, item.key) <= 0 && compareKeys(item.key, range.to) <= 0,
  )
  return order === -1 ? found.toReversed() : found
}

/** Two documents that the index may have the wrong way round: ties of reversed order, or keys that were cut. */
function isUnordered({ tiesReversed }: IndexAccess, sort: readonly SortKey[]): (a: Found, b: Found) => boolean {
  const keys = sort.filter(({ path }) => path !== '_id')
  const valuesOf = compileSortValues(keys)
  const compare = compareSortValues(keys)
  return (a, b) => {
    const [left, right] = [a as Item, b as Item]
    if (compareKeys(left.key, right.key) === 0 && left.key.length === limit) return true
    return tiesReversed && (keys.length === 0 || compare(valuesOf(a.document), valuesOf(b.document)) === 0)
  }
}

async function* oncePerId(pages: AsyncIterable<DriverPage<Found>>): AsyncGenerator<DriverPage<Found>, void> {
  const seen = new Set<string>()
  for await (const page of pages) {
    const documents = page.documents.filter(({ document }) => {
      const name = String(orderedKey([[document['_id'], 1]]))
      return !seen.has(name) && seen.add(name)
    })
    yield { ...page, documents }
  }
}
