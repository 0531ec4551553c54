import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage, StoredDocument } from '../../../contract/query.ts'
import { decodeDocument, type FirestoreDocument } from '../codec/codec.ts'
import { batchGet, getSize } from './documents.ts'
import { toReadError } from '../errors.ts'
import { missingIndex } from '../indexes/missing-index.ts'
import { atOneMoment, type Moment } from './moment.ts'
import type { Cursor } from './order.ts'
import type { Place } from '../place.ts'
import { cursorAfter, type StructuredQuery } from './query.ts'

/** Documents of one request. */
const pageSize = 300
export interface Pages {
  readonly place: Place
  readonly structuredQuery: StructuredQuery
  readonly start?: Cursor | undefined
  /** How many documents will do, as far as that is known. The reader may ask for more. */
  readonly enough: number
  readonly moment: Moment
}

interface QueryAnswer {
  readonly document?: FirestoreDocument
  readonly readTime?: string
}

/** Pages of one query, as long as the reader asks for them. */
export async function* queryPages(
  { place, structuredQuery, start, enough, moment }: Pages,
  context: DriverContext,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  let left = enough
  let startAt: Cursor | undefined = start
  for (;;) {
    const limit = left > 0 ? Math.min(left, pageSize) : pageSize
    const answers = await atOneMoment(moment, async (members) => {
      const query = { ...structuredQuery, limit, ...(startAt && { startAt }) }
      const body = { structuredQuery: query, ...members }
      const call = { context, isIdempotent: true, ...place.below }
      // By the protocol.
      return (await ask(() => place.transport.call('runQuery', body, call), query)) as readonly QueryAnswer[]
    })
    const documents = answers.flatMap(({ document }) => document ?? [])
    yield pageOf(documents, place)
    left -= documents.length
    const last = documents.at(-1)
    if (documents.length < limit || last === undefined) return
    startAt = { values: cursorAfter(structuredQuery.orderBy, last), before: false }
  }
}

export interface Gets {
  readonly place: Place
  readonly names: readonly string[]
  readonly moment: Moment
}

export async function* getAll(
  { place, names, moment }: Gets,
  context: DriverContext,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  for (let from = 0; from < names.length; from += getSize) {
    yield await getSome({ place, names: names.slice(from, from + getSize), moment }, context)
  }
}

/** At most {@link getSize} documents, by one request. */
export async function getSome(
  { place, names, moment }: Gets,
  context: DriverContext,
): Promise<DriverPage<StoredDocument>> {
  const answers = await atOneMoment(moment, (members) =>
    batchGet(place.transport, { documents: names, ...members }, context),
  )
  return pageOf(
    answers.flatMap(({ found }) => found ?? []),
    place,
  )
}

/** One document, which needs no moment that others see too. */
export async function getOne(place: Place, name: string, context: DriverContext): Promise<DriverPage<StoredDocument>> {
  const [answer] = await batchGet(place.transport, { documents: [name] }, context)
  return pageOf(answer?.found === undefined ? [] : [answer.found], place)
}

export function stored(document: FirestoreDocument, place?: Place): StoredDocument {
  return {
    document: decodeDocument(document, place?.idOf),
    revision: { updateTime: document.updateTime ?? '', fields: document.fields ?? {} },
  }
}

function pageOf(documents: readonly FirestoreDocument[], place: Place): DriverPage<StoredDocument> {
  return { documents: documents.map((document) => stored(document, place)), scanned: documents.length, requests: 1 }
}

/** @throws what a failed read is for the portable layer */
export async function ask(call: () => Promise<unknown>, query?: StructuredQuery): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(query === undefined ? error : missingIndex(error, query))
  }
}
