/** Sets that another program has put into a stored document. */

import { beforeAll, expect, it } from 'vitest'
import { useDynamoServer } from '../../../../test/support/dynamo-server.ts'

const { server, open } = useDynamoServer()
const sets = { words: { SS: ['a', 'b'] }, numbers: { NS: ['1', '2.5'] }, parts: { BS: ['AQ==', 'Ag=='] } }
const items = () => open().collection('sets')

async function call(operation: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` }
  const response = await fetch(server().endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as Readonly<Record<string, unknown>>
}

beforeAll(async () => {
  await items().insertOne({ _id: 1 })
  const { Items } = await call('Scan', { TableName: 'app' })
  const item = (Items as readonly { readonly k: { readonly S: string } }[]).find(({ k }) => k.S === 'd')
  await call('PutItem', { TableName: 'app', Item: { ...item, d: { M: sets } } })
})

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
