import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

describe('an endpoint of DynamoDB that redirects', () => {
  let server: DynamoServer
  beforeAll(async () => (server = await serveDynamo({})))
  afterAll(() => server.close())

  /** A collection whose requests for one operation are answered with a redirect. */
  const itemsBehind = async (operation: string) => {
    let redirects = false
    const fetchAnd303: typeof fetch = async (input, init) => {
      const isIt = redirects && new Headers(init?.headers).get('x-amz-target')?.endsWith(operation)
      if (isIt !== true) return fetch(input, init)
      expect(init?.redirect).toBe('manual')
      return new Response('{}', { status: 303, headers: { location: 'http://elsewhere.example/' } })
    }
    const config = { endpointUrl: server.endpoint, table: 'app', createTables: true }
    const credentials = () => Promise.resolve({ accessKeyId: 'AKIA', secretAccessKey: 'hunter2' })
    const items = createDocumentStore(dynamodb({ fetch: fetchAnd303, credentials }), { config }).collection('items')
    await items.replaceOne({ _id: 1 }, { n: 1 }, { upsert: true })
    redirects = true
    return items
  }

  it('leaves the outcome of a write unknown', async () => {
    const items = await itemsBehind('UpdateItem')
    const write = items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    await expect(write).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_014', outcome: 'unknown' })
  })

  it('is named by a read', async () => {
    const items = await itemsBehind('GetItem')
    await expect(items.findOne({ _id: 1 })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      message: expect.stringContaining('redirects, which is not followed (HTTP 303)') as string,
    })
  })
})
