/** Decimals of other programs are found by the numbers that they are read as. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { callDynamo, useDynamoServer } from '../../../../test/support/dynamo-server.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory } from '../memory/index.ts'
import { decimalsReadAs } from './codec/decimals.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const { server, open } = useDynamoServer()
const stored = [
  { N: '0.1000000000000000055' },
  { N: '0.0999999999999999999999' },
  { N: '5.0000000000000001' },
  { N: '-4.99999999999999999999' },
  { N: '9007199254740992.7' },
  { N: '9007199254740993' },
  { L: [{ N: '0.1000000000000000055' }, { N: '7' }] },
  { N: '0.5' },
]
const declared = defineCollection<{ _id: number; n: number }>('declared', { fields: { n: 'number' } })

const call = (operation: string, body: object) =>
  callDynamo<{ readonly Items?: readonly Item[] }>(server(), operation, body)
type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>

async function fill(): Promise<void> {
  for (const collection of ['declared', 'undeclared']) {
    const values = collection === 'declared' ? stored.filter(({ L }) => L === undefined) : stored
    await open()
      .collection(collection)
      .insertMany(values.map((_value, _id) => ({ _id })))
    const { Items = [] } = await call('Scan', { TableName: 'app' })
    for (const item of Items.filter(({ c }) => c?.['S'] === collection)) {
      const n = values[Number(/\d+$/.exec(String(item['i']?.['S']))?.[0])]
      await call('PutItem', { TableName: 'app', Item: { ...item, d: { M: { n } } } })
    }
  }
}

const filters = [
  { n: 0.1 },
  { n: 5 },
  { n: -5 },
  { n: 5n },
  { n: 9007199254740992 },
  { n: 9007199254740993n },
  { n: 9007199254740994 },
  { n: { $in: [0.1, 0.5, 7] } },
  { n: { $in: Array.from({ length: 60 }, (_, at) => at / 10) } },
  { n: { $gt: 0.1 } },
  { n: { $gte: 0.1 } },
  { n: { $lt: 0.1 } },
  { n: { $lte: 0.1 } },
  { n: { $gt: 5, $lt: 9007199254740993n } },
  { n: { $gt: 9007199254740992 } },
  { n: { $gte: 9007199254740993n } },
  { n: { $lte: 9007199254740992 } },
  { n: { $ne: 0.1 } },
  { n: { $ne: 5 } },
  { n: { $nin: [0.1, 5, 9007199254740993n] } },
  { n: { $not: { $gte: 5 } } },
  { $nor: [{ n: 0.1 }, { n: { $gt: 5 } }] },
]

describe.each(['declared', 'undeclared'])('decimals at a path that is %s', (name) => {
  beforeAll(async () => {
    if (name === 'declared') await fill()
  }, 60_000)
  const items = () => (name === 'declared' ? open().collection(declared) : open().collection(name))

  it.each(filters.map((filter) => [filter] as const))('are what they are read as to %o', async (filter) => {
    const all = await items().find().toArray()
    const reference = createDocumentStore(memory(), { scans: 'allow' }).collection('reference')
    await reference.insertMany(all as never)
    const ids = (found: readonly { readonly _id?: unknown }[]) => found.map(({ _id }) => Number(_id)).toSorted()
    expect(
      ids(
        await items()
          .find(filter as never)
          .toArray(),
      ),
    ).toEqual(ids(await reference.find(filter).toArray()))
    for (const _id of [0, 2, 5]) {
      const one = { _id, ...filter } as never
      const { matchedCount } = await items().updateOne(one, { $unset: { other: 1 } } as never)
      expect(matchedCount).toBe(await reference.countDocuments(one))
    }
  })
})

describe('the decimals that are read as a number', () => {
  const outside = (decimal: string, by: bigint) =>
    Number(decimal.replace(/^-?\d+/, (digits) => String(BigInt(digits) + by)))

  it.each([5, 1, 0.1, 0.5, 2, -3, 1e22, 1e23, 1e38, 2 ** -300, 2 ** 300, 5e-100, 1.7976931348623157e100, -0.3])(
    'the decimals that are read as a number of %d are exactly those between its ends',
    (value) => {
      const { lowest, highest } = decimalsReadAs(value)
      expect([Number(lowest), Number(highest)]).toEqual([value, value])
      expect(outside(lowest, -1n)).toBeLessThan(value)
      expect(outside(highest, 1n)).toBeGreaterThan(value)
    },
  )

  it('begin at the smallest one that DynamoDB has', () => {
    expect(decimalsReadAs(1e-130).lowest).toBe('1E-130')
  })
})
