import { describe, expect, it } from 'vitest'
import type { DriverContext } from '../../nosql/contract/context.ts'
import type { DocumentBackend, DocumentDriver } from '../../nosql/contract/driver.ts'
import type { DriverCollection } from '../../nosql/contract/driver-collection.ts'
import type { DriverQuery, ReadPlan } from '../../nosql/contract/query.ts'
import type { WriteOutcome } from '../../nosql/contract/write.ts'
import { withLimit } from '../../../test/support/hang.ts'
import { wiredMemory } from '../../../test/support/wired-memory.ts'
import { DuplicateKeyError, NoSQLConnectionError } from '../../nosql/errors.ts'
import { createDocumentStore } from '../../nosql/store/document-store.ts'
import type { DocumentStoreHarness } from './conformance-case.ts'
import { documentStoreCases } from './document-store-conformance.ts'

type Change = (collection: DriverCollection) => Partial<DriverCollection>

/** A harness of the memory driver behind a network, with some calls of its collections replaced. */
function falseHarness(change: Change): DocumentStoreHarness {
  const { driver, requests, faults } = wiredMemory()
  const changed: DocumentDriver = { ...driver, open: (settings) => falseBackend(driver.open(settings), change) }
  return { open: (options) => createDocumentStore(changed, options), requests, faults }
}

function falseBackend(backend: DocumentBackend, change: Change): DocumentBackend {
  return new Proxy(backend, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (key !== 'collection') return typeof member === 'function' ? member.bind(target) : member
      return async (...args: Parameters<DocumentBackend['collection']>) => {
        const collection = await target.collection(...args)
        return { ...collection, ...change(collection) }
      }
    },
  })
}

/** Reads every document, whatever is asked. */
async function scanOf(collection: DriverCollection, query: DriverQuery, context: DriverContext): Promise<ReadPlan> {
  const all = {
    filter: { kind: 'and', nodes: [] },
    matches: () => true,
    after: undefined,
    skip: 0,
    limit: Infinity,
  } as const
  const plan = await collection.plan({ ...query, ...all }, context)
  const explanation = { ...plan.explain(), access: 'scan', index: null, scan: true } as const
  return { ...plan, explain: () => explanation, exact: false, sorted: false, positioned: false, limited: false }
}

/** The same scan, which claims to have done more. */
const claiming =
  (claims: Partial<ReadPlan>): Change =>
  (collection) => ({
    plan: async (query, context) => ({ ...(await scanOf(collection, query, context)), ...claims }),
  })

/** Replaces the outcome of each write that was sent and not answered. */
const answering =
  (outcomeOf: (error: Error) => WriteOutcome): Change =>
  (collection) => ({
    write: async (writes, context) =>
      (await collection.write(writes, context)).map((outcome) =>
        outcome.kind === 'unsure' ? outcomeOf(outcome.error) : outcome,
      ),
  })

/** Replaces how what was planned is read. */
const reading =
  (read: (plan: ReadPlan, context: DriverContext) => ReturnType<ReadPlan['read']>): Change =>
  (collection) => ({
    async plan(query, context) {
      const plan = await collection.plan(query, context)
      return { ...plan, read: (call) => read(plan, call) }
    },
  })

const drivers: readonly (readonly [name: string, fails: RegExp, change: Change])[] = [
  ['scans for every question', /scans from index reads/, claiming({})],
  ['scans where an index is', /requests per operation: find by an index/, claiming({})],
  [
    'scans and claims an index',
    /requests per operation: find by an index/,
    (collection) => ({
      async plan(query, context) {
        const { explain } = await collection.plan(query, context)
        return { ...(await scanOf(collection, query, context)), explain }
      },
    }),
  ],
  [
    'claims to send less than it does',
    /requests per operation: explain/,
    (collection) => ({
      async plan(query, context) {
        const plan = await collection.plan(query, context)
        return { ...plan, explain: () => ({ ...plan.explain(), estimatedRequests: 0 }) }
      },
    }),
  ],
  [
    'writes twice to be sure',
    /requests per operation: insertOne/,
    (collection) => ({
      async write(writes, context) {
        const outcomes = await collection.write(writes, context)
        await collection.write(writes, context)
        return outcomes
      },
    }),
  ],
  [
    'claims that a write without an answer is done',
    /all of whose answers are lost/,
    answering(() => ({ kind: 'written' })),
  ],
  [
    'claims that a write without an answer is not done',
    /what is said of a write whose answer is lost/,
    answering((error) => ({
      kind: 'failed',
      error: new NoSQLConnectionError('the write cannot complete', { cause: error }),
    })),
  ],
  [
    'claims that a refused write is done',
    /a refused operation/,
    (collection) => ({
      write: async (writes, context) =>
        (await collection.write(writes, context)).map((outcome) =>
          outcome.kind === 'failed' ? ({ kind: 'written' } as const) : outcome,
        ),
    }),
  ],
  [
    'finds nothing where no answer came',
    /a read whose answer is lost/,
    reading(async function* (plan, context) {
      try {
        yield* plan.read(context)
      } catch {
        yield { documents: [], scanned: 0, requests: 1 }
      }
    }),
  ],
  [
    'does not listen to the signal',
    /a read that is aborted/,
    reading((plan, context) => plan.read({ ...context, signal: undefined })),
  ],
  ['claims exactness that it lacks', /filter/, claiming({ exact: true })],
  ['claims an order that it lacks', /sort/, claiming({ sorted: true })],
  ['claims to begin after a position', /page/, claiming({ positioned: true })],
  [
    'reports writes that it has lost',
    /.*/,
    () => ({
      write: async (writes) => writes.map(() => ({ kind: 'written' }) as const),
      modify: async () => undefined,
    }),
  ],
  [
    'ignores what was written since a document was read',
    /at once|concurren|many/,
    (c) => ({
      exclusive: undefined as never,
      modify: async () => undefined,
      async write(writes, context) {
        const outcomes = await c.write(writes, context)
        return outcomes.map((outcome) => (outcome.kind === 'conflict' ? ({ kind: 'written' } as const) : outcome))
      },
    }),
  ],
  [
    'has words of its own for a taken key',
    /a taken key names/,
    (collection) => ({
      write: async (writes, context) =>
        (await collection.write(writes, context)).map((outcome) =>
          outcome.kind === 'failed' ? { kind: 'failed', error: new DuplicateKeyError('E11000 dup key') } : outcome,
        ),
    }),
  ],
  ['lists no indexes', /index/, () => ({ listIndexes: async () => [] })],
  ['makes no indexes', /unique/, () => ({ createIndex: async () => {} })],
  [
    'does not say what it sends',
    /obeyed or refused: find$/,
    reading(async function* (plan, context) {
      for await (const page of plan.read({ ...context, onRequest: undefined })) yield { ...page, requests: 0 }
    }),
  ],
  [
    'does not say what it reads',
    /obeyed or refused: find$/,
    reading(async function* (plan, context) {
      for await (const page of plan.read(context)) yield { ...page, scanned: 0 }
    }),
  ],
  [
    'plans scans as if they were none',
    /obeyed or refused: countDocuments$/,
    (collection) => ({
      async plan(query, context) {
        const plan = await collection.plan(query, context)
        return { ...plan, explain: () => ({ ...plan.explain(), scan: false, sort: 'none' }) }
      },
    }),
  ],
  [
    'counts too much',
    /count/,
    (c) => ({ count: async (query, context) => ((await c.count?.(query, context)) ?? 0) + 1 }),
  ],
]

describe('a driver that', () => {
  it.each(drivers)('%s fails the suite, by name', { timeout: 60_000 }, async (_name, fails, change) => {
    const harness = falseHarness(change)
    const failed: string[] = []
    // Changes that never come take fifteen seconds each.
    for (const each of documentStoreCases().filter(({ topic }) => topic !== 'changes')) {
      const name = `${each.topic}: ${each.name}`
      const run = each.run(harness).then(
        () => 'passes',
        () => 'fails',
      )
      const outcome = await withLimit(run, 15_000)
      if (outcome !== 'passes') failed.push(outcome === 'fails' ? name : `${name} HANGS`)
    }
    expect(failed.filter((name) => name.endsWith(' HANGS'))).toEqual([])
    expect(failed.filter((name) => fails.test(name))).not.toEqual([])
  })

  it('does as the memory driver passes all of it', { timeout: 60_000 }, async () => {
    const harness = falseHarness(() => ({}))
    for (const each of documentStoreCases()) await each.run(harness)
  })
})
