import { anySignal } from '../../../../core/time-limit.ts'
import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage } from '../../../contract/query.ts'
import { chainAhead } from '../../../plan/chain-ahead.ts'
import { mergePages } from '../../../plan/merge.ts'
import type { Holder } from '../../../plan/pages.ts'
import type { SortKey } from '../../../query/sort.ts'
import type { Place } from '../place.ts'
import type { Client } from '../transport/transport.ts'

/** Requests of one read at a time: a page of each, of a megabyte at most, is in memory. */
const mostRequests = 8

/** Opens a stream of what is read; nothing is sent before its first page is asked for. */
export type Open<P> = (place: Place, context: DriverContext) => AsyncIterable<P>

interface Wanted {
  /** Whether what comes later may not be needed. */
  readonly endsEarly: boolean
}

/**
 * Reads streams one after the other, with requests side by side. A read that may end early begins with one, then two, then
 * four, so that at most as many are in vain as were needed; one with a budget sends none in vain.
 */
export function readInTurn<P>(streams: readonly Open<P>[], { endsEarly }: Wanted): Open<P> {
  const [only, ...others] = streams
  if (only !== undefined && others.length === 0) return only
  return sideBySide((place, context) => {
    const hasBudget = context.onRequest !== undefined || context.documentsLeft !== undefined
    const lastFor = (at: number) => (hasBudget ? at : endsEarly ? lastOfGroup(at) : at + mostRequests - 1)
    return chainAhead(
      streams.map((open) => () => open(place, context)),
      lastFor,
    )
  })
}

/** Groups of one, two, four, and then of as many as may be sent at a time. */
function lastOfGroup(at: number): number {
  const before = mostRequests - 1
  return at < before ? 2 ** (32 - Math.clz32(at + 1)) - 2 : at + before - ((at - before) % mostRequests)
}

/** Reads streams that have an order as one that has it. */
export function merged<T extends Holder>(
  streams: readonly Open<DriverPage<T>>[],
  sort: readonly SortKey[],
): Open<DriverPage<T>> {
  return sideBySide((place, context) =>
    mergePages(
      streams.map((open) => open(place, context)),
      sort,
    ),
  )
}

/** Runs what sends requests side by side: a bounded number at a time, and none after one has failed or reading has ended. */
function sideBySide<P>(read: Open<P>): Open<P> {
  return async function* bounded(place, context): AsyncGenerator<P, void> {
    const ending = new AbortController()
    const client = boundedClient(place.client, ending)
    const signal = context.signal === undefined ? ending.signal : anySignal([context.signal, ending.signal])
    const pages = read({ ...place, client }, { ...context, signal })[Symbol.asyncIterator]()
    try {
      for (let page = await pages.next(); page.done !== true; page = await pages.next()) yield page.value
    } finally {
      // Before the streams are closed, which wait for what they have sent.
      ending.abort()
      await pages.return?.()
    }
  }
}

function boundedClient(client: Client, ending: AbortController): Client {
  const waiting: (() => void)[] = []
  let free = mostRequests
  let failure: { readonly error: unknown } | undefined
  const turn = async (): Promise<void> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const done = (): void => {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
  return {
    ...client,
    async call(operation, input, options) {
      await turn()
      try {
        if (failure !== undefined) throw failure.error
        return await client.call(operation, input, options)
      } catch (error) {
        failure ??= { error }
        ending.abort()
        // The others fail because of the first one.
        throw failure.error
      } finally {
        done()
      }
    },
  }
}
