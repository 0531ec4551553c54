import type { Collection } from '../../nosql/collection/collection.ts'
import { isLexigramError } from '../../core/errors.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topicWith } from './conformance-case.ts'
import type { RequestFaults } from './wire.ts'

const away = 'LEX_ERR_NOSQL_002'
const unknown = 'LEX_ERR_NOSQL_014'

/** Writes of one document, and how often each was applied: 0 or 1 where all is well. */
const writes = {
  insertOne: {
    run: (items, options) => items.insertOne({ _id: 'new' }, options),
    applied: (items) => items.countDocuments({ _id: 'new' }),
  },
  updateOne: {
    run: (items, options) => items.updateOne({ _id: 'old' }, { $inc: { n: 1 } }, options),
    applied: async (items) => Number((await items.findOne({ _id: 'old' }))?.['n']),
  },
  deleteOne: {
    run: (items, options) => items.deleteOne({ _id: 'gone' }, options),
    applied: async (items) => 1 - (await items.countDocuments({ _id: 'gone' })),
  },
} satisfies Record<string, SpoiltWrite>

interface SpoiltWrite {
  readonly run: (items: Collection, options: { readonly signal?: AbortSignal }) => Promise<unknown>
  readonly applied: (items: Collection) => Promise<number>
}

async function prepare(items: Collection): Promise<void> {
  await items.insertMany([{ _id: 'old', n: 0 }, { _id: 'gone' }])
  await items.findOne({ _id: 'old' })
}

/** Runs the work with the fault in place, and returns what it rejects with; undefined when it does not. */
async function spoilt(
  faults: RequestFaults,
  { fault, times }: { readonly fault: Parameters<RequestFaults['inject']>[0]; readonly times: number },
  work: () => Promise<unknown>,
): Promise<unknown> {
  faults.inject(fault, times)
  try {
    await work()
    return undefined
  } catch (error) {
    return error ?? new Error('nothing was thrown')
  } finally {
    faults.inject(fault, 0)
  }
}

const codeOf = (error: unknown): string =>
  error === undefined ? 'done' : isLexigramError(error) ? error.code : String(error)

/** Waits for something that happens soon, and no longer than that. */
async function waitFor(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 5000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what}: it does not happen within five seconds`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Aborts the work once its request has been sent, and returns what it rejects with. */
async function abandoned(
  faults: RequestFaults,
  reason: Error,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const caller = new AbortController()
  return spoilt(faults, { fault: 'hold the answer', times: Infinity }, async () => {
    let isSettled = false
    const running = work(caller.signal).finally(() => {
      isSettled = true
    })
    running.catch(() => undefined)
    await waitFor(() => faults.open() > 0 || isSettled, 'a request whose answer is held')
    caller.abort(reason)
    await waitFor(() => isSettled, 'the end of an aborted operation')
    await waitFor(() => faults.open() === 0, 'the end of the request of an aborted operation')
    await running
  })
}

export const faultCases = topicWith('faults', 'lost answers, refusals and callers that leave', {
  'what is said of a write whose answer is lost is so, and it is done at most once': async ({ items }, faults) => {
    await prepare(items)
    for (const [what, { run, applied }] of Object.entries<SpoiltWrite>(writes)) {
      const error = await spoilt(faults, { fault: 'lose the answer', times: 1 }, () => run(items, {}))
      const times = await applied(items)
      const said = codeOf(error)
      // The answer that was lost may be that of a read before the write, which then was not done.
      const allowed = said === unknown ? [0, 1] : said === 'done' ? [1] : said === away ? [0] : []
      assertEqual(
        allowed.includes(times),
        true,
        `${what} ended in ${said} and was done ${times} times: whether that is so`,
      )
    }
  },
  'a write all of whose answers are lost has an unknown outcome': async ({ items }, faults) => {
    await prepare(items)
    const error = await spoilt(faults, { fault: 'lose the answer', times: Infinity }, () =>
      writes.insertOne.run(items, {}),
    )
    assertEqual(codeOf(error), unknown, 'what insertOne ends in')
    assertEqual(await writes.insertOne.applied(items), 1, 'how often it was done')
  },
  'a read whose answer is lost is repeated, or says that the database cannot be reached': async ({ items }, faults) => {
    await prepare(items)
    let found: unknown
    const error = await spoilt(faults, { fault: 'lose the answer', times: 1 }, async () => {
      found = await items.findOne({ _id: 'old' })
    })
    if (error === undefined) assertEqual(found, { _id: 'old', n: 0 }, 'what findOne returns')
    else assertEqual(codeOf(error), away, 'what findOne ends in')
  },
  'a refused operation says that it was not done, and it was not': async ({ items }, faults) => {
    await prepare(items)
    const refuse = { fault: 'refuse', times: Infinity } as const
    for (const [what, { run, applied }] of Object.entries<SpoiltWrite>(writes)) {
      const error = await spoilt(faults, refuse, () => run(items, {}))
      assertEqual(codeOf(error), away, `what ${what} ends in`)
      assertEqual(await applied(items), 0, `how often ${what} was done`)
    }
    assertEqual(codeOf(await spoilt(faults, refuse, () => items.findOne({ _id: 'old' }))), away, 'what findOne ends in')
  },
  'a read that is aborted ends with the reason, and leaves no request open': async ({ items }, faults) => {
    await prepare(items)
    const reason = new Error('the caller has left')
    const error = await abandoned(faults, reason, (signal) => items.findOne({ _id: 'old' }, { signal }))
    if (error !== reason) throw new Error(`an aborted read must reject with the reason, not ${codeOf(error)}`)
    assertEqual(await items.findOne({ _id: 'old' }), { _id: 'old', n: 0 }, 'the next read')
  },
  'a write that is aborted after it was sent has an unknown outcome, and leaves no request open': async (
    { items },
    faults,
  ) => {
    await prepare(items)
    const reason = new Error('the caller has left')
    const error = await abandoned(faults, reason, (signal) => writes.insertOne.run(items, { signal }))
    assertEqual(codeOf(error), unknown, 'what insertOne ends in')
    // It was carried out; what was held is its answer.
    await assertFails(() => items.insertOne({ _id: 'new' }), 'LEX_ERR_DB_005', { what: 'the same again' })
  },
  'an operation whose signal is aborted already sends nothing': async ({ items }, faults) => {
    await prepare(items)
    const reason = new Error('the caller has left')
    const signal = AbortSignal.abort(reason)
    const error = await spoilt(faults, { fault: 'lose the answer', times: Infinity }, () =>
      writes.insertOne.run(items, { signal }),
    )
    if (error !== reason) throw new Error(`a write that was not sent must reject with the reason, not ${codeOf(error)}`)
    assertEqual(await writes.insertOne.applied(items), 0, 'how often it was done')
  },
})
