import { describe, expect, it } from 'vitest'
import type { DriverContext } from '../../nosql/contract/context.ts'
import type { DocumentBackend, DocumentDriver } from '../../nosql/contract/driver.ts'
import type { DriverCollection } from '../../nosql/contract/driver-collection.ts'
import type { DriverQuery, ReadPlan } from '../../nosql/contract/query.ts'
import { aggregation } from '../../nosql/aggregation/index.ts'
import { memory } from '../../nosql/drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../../nosql/store/document-store.ts'
import { documentStoreCases } from './document-store-conformance.ts'

type Change = (collection: DriverCollection) => Partial<DriverCollection>

/** The memory driver with some calls of its collections replaced. */
function falseDriver(change: Change): DocumentDriver {
  const driver = memory({ aggregation: aggregation() })
  return { ...driver, open: (settings) => falseBackend(driver.open(settings), change) }
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
  const explanation = { ...plan.explanation, access: 'scan', index: null, scan: true } as const
  return { ...plan, explanation, exact: false, sorted: false, positioned: false, limited: false }
}

/** The same scan, which claims to have done more. */
const claiming =
  (claims: Partial<ReadPlan>): Change =>
  (collection) => ({
    plan: async (query, context) => ({ ...(await scanOf(collection, query, context)), ...claims }),
  })

const drivers: readonly (readonly [name: string, fails: RegExp, change: Change])[] = [
  ['scans for every question', /scans from index reads/, claiming({})],
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
  ['lists no indexes', /index/, () => ({ listIndexes: async () => [] })],
  ['makes no indexes', /unique/, () => ({ createIndex: async () => {} })],
  [
    'counts too much',
    /count/,
    (c) => ({ count: async (query, context) => ((await c.count?.(query, context)) ?? 0) + 1 }),
  ],
]

describe('a driver that', () => {
  it.each(drivers)('%s fails the suite, by name', { timeout: 60_000 }, async (_name, fails, change) => {
    const driver = falseDriver(change)
    const failed: string[] = []
    // Changes that never come take fifteen seconds each.
    for (const each of documentStoreCases().filter(({ topic }) => topic !== 'changes')) {
      const run = each.run({ open: (options) => createDocumentStore(driver, options) })
      const limit = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('hangs')), 3_000))
      await Promise.race([run, limit]).catch((error: Error) => {
        failed.push(`${each.topic}: ${each.name}${error.message === 'hangs' ? ' HANGS' : ''}`)
      })
    }
    expect(failed.filter((name) => name.endsWith(' HANGS'))).toEqual([])
    expect(failed.filter((name) => fails.test(name))).not.toEqual([])
  })

  it('does as the memory driver passes all of it', { timeout: 60_000 }, async () => {
    const driver = falseDriver(() => ({}))
    for (const each of documentStoreCases()) {
      await each.run({ open: (options) => createDocumentStore(driver, options) })
    }
  })
})
