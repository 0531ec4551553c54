/** What another program has put into a stored document: finding it, and moving it. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { moves } from '../../../../test/support/documents/moves.ts'
import { callDynamo, useDynamoServer } from '../../../../test/support/dynamo-server.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const { server, open } = useDynamoServer()
const sets = { words: { SS: ['a', 'b'] }, numbers: { NS: ['1', '2.5'] }, parts: { BS: ['AQ==', 'Ag=='] } }
const items = () => open().collection('sets')

type Stored = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const call = (operation: string, body: object) => callDynamo(server(), operation, body)

/** The items of a collection, entries of indexes included. */
async function itemsOf(collection: string): Promise<readonly Stored[]> {
  const { Items } = await call('Scan', { TableName: 'app' })
  return (Items as readonly Stored[]).filter(({ c }) => c?.['S'] === collection)
}

async function put(collection: string, _id: unknown, fields: object): Promise<void> {
  await open()
    .collection(collection)
    .insertOne({ _id } as never)
  const item = (await itemsOf(collection)).find(({ k }) => k?.['S'] === 'd')
  await call('PutItem', { TableName: 'app', Item: { ...item, d: { M: fields } } })
}

describe('sets', () => {
  beforeAll(() => put('sets', 1, sets))

  it('are read as lists', async () => {
    const parts = [new Uint8Array([1]), new Uint8Array([2])]
    expect(await items().findOne({ _id: 1 })).toEqual({ _id: 1, words: ['a', 'b'], numbers: [1, 2.5], parts })
  })

  it.each([
    ['a text', { words: 'a' }],
    ['a number', { numbers: 2.5 }],
    ['bytes', { parts: new Uint8Array([2]) }],
    ['one of several', { words: { $in: ['z', 'b'] } }],
  ])('are found by an element that is %s', async (_name, filter) => {
    expect(await items().countDocuments(filter)).toBe(1)
  })
})

const long = { N: '0.12345678901234567890123456789012345678' }
const forms: Readonly<Record<string, object>> = {
  'a set of texts': sets.words,
  'a set of numbers': { NS: ['1', '2.1234567890123456789012345678901234567'] },
  'a set of bytes': sets.parts,
  'a decimal of 38 digits': long,
  'a whole number of 38 digits': { N: '12345678901234567890123456789012345678' },
  'an object': { M: { set: sets.words, all: { L: [long, sets.parts] } } },
}
const ways = Object.keys(forms).flatMap((form) => Object.keys(moves).map((way) => [form, way] as const))

/** What keeps no form: a decimal that is copied is a number as good as a new one, and a caller's bigint has 64 bits. */
const others = new Set([
  'a decimal of 38 digits by a copy by a pipeline',
  'an object by a copy by a pipeline',
  'a whole number of 38 digits by replaceOne',
])

it.each(ways.filter(([form, way]) => !others.has(`${form} by ${way}`)))(
  '%s is moved as it is by %s',
  async (form, way) => {
    const name = `moved-${Object.keys(forms).indexOf(form)}-${Object.keys(moves).indexOf(way)}`
    await put(name, 'x', { a: forms[form] })
    await moves[way]?.(open(), name)
    const item = (await itemsOf(name)).find(({ i }) => i?.['S'] === 'x')
    expect(item?.['d']?.['M']).toMatchObject({ b: forms[form] })
  },
)

it('The entries of an index hold what other programs have stored', async () => {
  await put('indexed', 'x', { n: { N: '1' }, set: sets.words, long })
  const indexed = open().collection('indexed')
  await indexed.createIndex('n')
  await indexed.updateOne({ n: 1 }, { $set: { n: 2 } })
  const found = (await itemsOf('indexed')).filter(({ k }) => k?.['S'] === 'd' || k?.['S'] === 'i')
  expect(found).toHaveLength(2)
  for (const { d } of found) expect(d?.['M']).toEqual({ n: { N: '2' }, set: sets.words, long })
})
