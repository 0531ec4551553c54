import type { DriverContext } from '../../../contract/context.ts'
import { keyRange, rangeFrom } from '../../../keys/key-range.ts'
import { compareKeys } from '../../../keys/ordered-key.ts'
import type { IndexRun } from '../../../plan/access.ts'
import type { IndexShape } from '../../../plan/index-shape.ts'
import type { Seek } from '../../../plan/seek.ts'
import { attributes } from '../codec/codec.ts'
import { entryRange, keptBytes } from '../indexes/entries.ts'
import type { EntryPage } from '../indexes/entry-order.ts'
import { toReadError } from '../errors.ts'
import { ExpressionBuilder, type Condition } from '../reading/expression.ts'
import type { NextSize } from '../reading/page-sizes.ts'
import type { Place } from '../place.ts'
import type { Answer } from './transport.ts'

/** One stretch of an index, in one of its parts. */
export interface Stretch {
  readonly key: IndexShape['key']
  readonly part: string
  readonly run: IndexRun
  /** Where to begin, in the direction in which it is read. @default at its end */
  readonly start?: { readonly seek: Seek; readonly order: 1 | -1 }
}

/** Reads the entries of a stretch; undefined where nothing follows its start. */
export function stretchInput(place: Place, { key, part, run, start }: Stretch): object | undefined {
  const { equal, interval } = run
  const options = { key, limit: keptBytes }
  const whole = keyRange(equal, interval, options)
  const range = start === undefined ? whole : rangeFrom(whole, start.seek, { ...options, equal, order: start.order })
  if (compareKeys(range.from, range.to) > 0) return undefined
  const [from, to] = entryRange(range)
  return {
    TableName: place.table,
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#pk': attributes.pk, '#sk': attributes.sk },
    ExpressionAttributeValues: {
      ':pk': place.entryKey(part, from)[attributes.pk],
      ':from': { B: from },
      ':to': { B: to },
    },
  }
}

/** Reads the documents of a collection that meet a condition, or all of them. */
export function scanInput(place: Place, filter: Condition | undefined): object {
  const builder = new ExpressionBuilder()
  const own = `${builder.name(attributes.collection)} = ${builder.value({ S: place.collection })} AND ${builder.name(attributes.kind)} = ${builder.value({ S: 'd' })}`
  const FilterExpression = filter === undefined ? own : `${own} AND ${filter(builder)}`
  return { TableName: place.table, ConsistentRead: true, FilterExpression, ...builder.members }
}

interface PagedRequest {
  readonly operation: 'Query' | 'Scan'
  readonly input: object
  readonly nextSize: NextSize
}

/** Page by page, until DynamoDB says that there is no other. */
export async function* pagesOf(
  place: Place,
  { operation, input, nextSize }: PagedRequest,
  context: DriverContext,
): AsyncGenerator<EntryPage & { readonly count: number }, void> {
  let start: unknown
  let last: { readonly count: number; readonly scanned: number } | undefined
  do {
    const limit = nextSize(last)
    const page = {
      ...input,
      ...(limit !== undefined && { Limit: limit }),
      ...(start !== undefined && { ExclusiveStartKey: start }),
    }
    const answer = await ask(() => place.client.call(operation, page, { context, isIdempotent: true }))
    const items = answer.Items ?? []
    last = { count: Number(answer['Count'] ?? 0), scanned: Number(answer['ScannedCount'] ?? 0) }
    yield { items, ...last, requests: 1 }
    start = answer.LastEvaluatedKey
  } while (start !== undefined)
}

export async function ask(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(error)
  }
}
