import { afterEach, describe, expect, it, vi } from 'vitest'
import { changedDriver } from '../../../../test/support/changed-driver.ts'
import type { DocumentDriver } from '../../contract/driver.ts'
import { memory } from '../../drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../../store/document-store.ts'

/** Changes that are lost to a rival as long as this says so; insertions are not. */
function losing(isLost: () => boolean): DocumentDriver {
  // What is exclusive never meets another write.
  return changedDriver(memory(), ({ exclusive: _exclusive, ...inner }) => ({
    ...inner,
    write: async (writes, context) =>
      writes[0]?.kind !== 'insert' && isLost() ? [{ kind: 'conflict' }] : inner.write(writes, context),
  }))
}

const conflict = { code: 'LEX_ERR_NOSQL_008' }

describe('a write that loses to rivals', () => {
  afterEach(() => vi.useRealTimers())

  it.each(['updateOne', 'updateMany', 'findOneAndUpdate'] as const)(
    'is tried as long as there is time: %s',
    async (method) => {
      let losses = 100
      const driver = losing(() => losses-- > 0)
      const items = createDocumentStore(driver, { sleep: async () => undefined }).collection('items')
      await items.insertOne({ _id: 1, n: 0 })
      await items[method]({ _id: 1 }, { $inc: { n: 1 } })
      expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 })
    },
  )

  it('gives up with WriteConflictError when the attempts are used up', async () => {
    const delays: number[] = []
    const sleep = async (milliseconds: number) => void delays.push(milliseconds)
    const items = createDocumentStore(
      losing(() => true),
      { attempts: 4, sleep },
    ).collection('items')
    await items.insertOne({ _id: 1 })
    await expect(items.updateMany({}, { $set: { a: 1 } })).rejects.toMatchObject(conflict)
    expect(delays).toHaveLength(3)
  })

  it('gives up with WriteConflictError near the deadline', async () => {
    const deadline = Date.now() + 60_000
    const late = () => {
      vi.setSystemTime(deadline - 1)
      return true
    }
    const items = createDocumentStore(losing(late)).collection('items')
    await items.insertOne({ _id: 1 })
    vi.useFakeTimers({ toFake: ['Date'] })
    await expect(items.updateOne({ _id: 1 }, { $set: { a: 1 } }, { deadline })).rejects.toMatchObject(conflict)
  })

  it('gives up with WriteConflictError after a minute without a deadline', async () => {
    const begun = Date.now()
    const late = () => {
      vi.setSystemTime(begun + 60_000)
      return true
    }
    const items = createDocumentStore(losing(late)).collection('items')
    await items.insertOne({ _id: 1 })
    vi.useFakeTimers({ toFake: ['Date'] })
    await expect(items.updateMany({}, { $set: { a: 1 } })).rejects.toMatchObject(conflict)
  })
})
