/** Reads that end early read no more than they need, and no more than a budget allows. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDynamoServer } from '../../../../test/support/dynamo-server.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const { open } = useDynamoServer()
const name = 'bounded'
const items = () => open().collection(name)
const some = { team: 'red' }
const budget = (maxDocuments: number) => ({ budget: { maxDocuments } })
const tooMuch = { code: 'LEX_ERR_NOSQL_010' }

describe.each([
  ['by a scan', undefined],
  ['by an index of an undeclared path', 'team'],
])('%s', (_name, index) => {
  beforeAll(async () => {
    await items().deleteMany({})
    if (index !== undefined) await items().createIndex(index)
    await items().insertMany(Array.from({ length: 30 }, (_, _id) => ({ _id, team: 'red' })))
  }, 60_000)
  // One collection is alone in its table, and the note of its indexes is read with it.
  const noted = index === undefined ? 0 : 1

  it('a count with skip and limit stays within a budget that both fit', async () => {
    expect(await items().countDocuments(some, { skip: 5, limit: 3, ...budget(8 + noted) })).toBe(3)
  })

  it('a find with skip and limit stays within a budget that both fit', async () => {
    expect(
      await items()
        .find(some, { skip: 5, limit: 3, ...budget(8 + noted) })
        .toArray(),
    ).toHaveLength(3)
  })

  it('a count that needs more than the budget is refused', async () => {
    await expect(items().countDocuments(some, { skip: 5, limit: 3, ...budget(7) })).rejects.toMatchObject(tooMuch)
  })
})
