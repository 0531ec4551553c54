import { describe, expect, it } from 'vitest'
import { changedDriver } from '../../../../test/support/changed-driver.ts'
import { aggregation } from '../../aggregation/index.ts'
import type { DocumentDriver } from '../../contract/driver.ts'
import { memory } from '../../drivers/memory/memory-driver.ts'
import { BudgetExceededError } from '../../errors.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import type { CallOptions } from '../../store/session.ts'

interface Seen {
  /** What each call that writes was given. */
  readonly calls: CallOptions[]
  /** Called before each write. */
  before: () => void
}

/** Without transactions, so that `$out` writes as it goes. */
function watched(seen: Seen): DocumentDriver {
  const driver = memory({ aggregation: aggregation() })
  const withoutTransactions: DocumentDriver = {
    ...driver,
    open(settings) {
      const { begin: _begin, ...backend } = driver.open(settings)
      return backend
    },
  }
  return changedDriver(withoutTransactions, (inner) => ({
    ...inner,
    write(writes, context) {
      seen.calls.push({ signal: context.signal, deadline: context.deadline })
      seen.before()
      return inner.write(writes, context)
    },
  }))
}

async function setUp() {
  const seen: Seen = { calls: [], before: () => undefined }
  const store = createDocumentStore(watched(seen))
  const source = store.collection('source')
  await source.insertMany([1, 2, 3].map((_id) => ({ _id })))
  const target = store.collection('target')
  await target.insertMany([1, 9].map((_id) => ({ _id, old: true })))
  seen.calls.length = 0
  return { seen, source, target }
}

describe.each([
  ['$merge', { $merge: { into: 'target' } }],
  ['$out', { $out: 'target' }],
])('the writes of %s', (name, stage) => {
  it('have the signal and the deadline of the call', async () => {
    const { seen, source } = await setUp()
    const call = { signal: new AbortController().signal, deadline: Date.now() + 60_000 }
    await source.aggregate([stage], call).toArray()
    expect(seen.calls.length).toBeGreaterThan(1)
    for (const given of seen.calls) expect(given).toEqual(call)
  })

  it('end when the caller leaves', async () => {
    const { seen, source } = await setUp()
    const caller = new AbortController()
    const left = new Error('the caller has left')
    seen.before = () => caller.abort(left)
    await expect(source.aggregate([stage], { signal: caller.signal }).toArray()).rejects.toThrow(left.message)
    expect(seen.calls).toHaveLength(1)
  })

  it('count in the budget of the call', async () => {
    const { source } = await setUp()
    const read = (maxDocuments: number) => source.aggregate([stage], { budget: { maxDocuments } }).toArray()
    // $merge finds the document that is there, and reads it again to replace it; $out reads all that it removes.
    const most = 3 + 2
    await expect(read(most - 1)).rejects.toThrow(BudgetExceededError)
    expect(await read(most), name).toEqual([])
  })
})
