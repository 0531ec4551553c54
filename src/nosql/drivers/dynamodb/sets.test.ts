/** Sets that another program has put into a stored document. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

let server: DynamoServer
const keys = { accessKeyId: 'test', secretAccessKey: 'test' }
const sets = { words: { SS: ['a', 'b'] }, numbers: { NS: ['1', '2.5'] }, parts: { BS: ['AQ==', 'Ag=='] } }
const open = () =>
  createDocumentStore(dynamodb({ credentials: () => Promise.resolve(keys) }), {
    config: { endpointUrl: server.endpoint, table: 'app', createTables: true },
    scans: 'allow',
  }).collection('sets')

async function call(operation: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` }
  const response = await fetch(server.endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as Readonly<Record<string, unknown>>
}

beforeAll(async () => {
  server = await serveDynamo()
  await open().insertOne({ _id: 1 })
  const { Items } = await call('Scan', { TableName: 'app' })
  const item = (Items as readonly { readonly k: { readonly S: string } }[]).find(({ k }) => k.S === 'd')
  await call('PutItem', { TableName: 'app', Item: { ...item, d: { M: sets } } })
})
afterAll(() => server.close())

it('are read as lists', async () => {
  const parts = [new Uint8Array([1]), new Uint8Array([2])]
  expect(await open().findOne({ _id: 1 })).toEqual({ _id: 1, words: ['a', 'b'], numbers: [1, 2.5], parts })
})

it.each([
  ['a text', { words: 'a' }],
  ['a number', { numbers: 2.5 }],
  ['bytes', { parts: new Uint8Array([2]) }],
  ['one of several', { words: { $in: ['z', 'b'] } }],
])('are found by an element that is %s', async (_name, filter) => {
  expect(await open().countDocuments(filter)).toBe(1)
})
