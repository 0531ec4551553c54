import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, it, vi } from 'vitest'
import { opened, openWatched, shown, take } from '../../../../../test/support/watched-dynamo.ts'
import { serveDynamo, type DynamoServer } from '../../../../../tools/dynamodb-server/serve.ts'
import { failure } from '../../../../../tools/dynamodb-server/transactions.ts'
import { createDocumentStore, type DocumentStore } from '../../../store/document-store.ts'
import { dynamodb } from '../dynamodb-driver.ts'
import { awsSdk } from '../sdk/aws-sdk.ts'
import { streams } from './streams.ts'

vi.setConfig({ testTimeout: 20_000 })

describe('while it waits', () => {
  it('an iterator that has expired is made anew', async () => {
    const { server, items } = await openWatched()
    await using stream = await items.watch()
    await items.insertOne({ _id: 1 })
    expect(await take(stream, 1)).toEqual(['insert 1'])
    const next = stream.next()
    server.streams.expireIterators()
    await items.insertOne({ _id: 2 })
    expect(shown((await next)!)).toBe('insert 2')
  })

  it.each(['throttle', 'reset', 'lose the answer', failure('LimitExceededException', 'too many')] as const)(
    'no change is lost or repeated through %j',
    async (fault) => {
      let count = 0
      const { items } = await openWatched({
        fault: (operation) => (/Shard|Records|Stream/.test(operation) && ++count % 3 === 0 ? fault : undefined),
      })
      await using stream = await items.watch()
      await items.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id })))
      const all = await take(stream, 20)
      expect(new Set(all).size).toBe(20)
    },
  )

  it.each(['its signal', 'close', 'its store'])('it leaves no timer when it ends with %s', async (by) => {
    const { store, items } = await openWatched()
    const stop = new AbortController()
    const stream = await items.watch({ signal: stop.signal })
    const next = stream.next().catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 20))
    const timersBefore = timers()
    if (by === 'close') await stream.close()
    else if (by === 'its store') await store.disconnect()
    else stop.abort(new Error('enough'))
    await next
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(timers()).toBeLessThanOrEqual(Math.max(0, timersBefore - 1))
  })
})

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

describe('over the SDK', () => {
  const keys = { accessKeyId: 'test', secretAccessKey: 'test' }
  const storeOver = (server: DynamoServer, given: Parameters<typeof awsSdk>[1]): DocumentStore => {
    const client = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: keys })
    const driver = dynamodb({ transport: awsSdk(client, given), streams: streams({ pollInterval: 5 }) })
    return createDocumentStore(driver, { config: { table: 'app', createTables: true } })
  }

  it('a client without streams is refused with what to pass', async () => {
    const server = await serveDynamo()
    await using store = storeOver(server, {})
    opened.push(server)
    await expect(store.collection('items').watch()).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      hint: expect.stringContaining('@aws-sdk/client-dynamodb-streams') as string,
    })
  })

  it('a client of streams is asked, whose times are dates', async () => {
    const server = await serveDynamo()
    opened.push(server)
    const ask = async (operation: string, input: object) => {
      const headers = { 'x-amz-target': `DynamoDBStreams_20120810.${operation}` }
      const response = await fetch(server.endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
      const answer = (await response.json()) as { Records?: { dynamodb: Record<string, unknown> }[]; __type?: string }
      if (!response.ok) throw Object.assign(new Error(), { name: answer.__type?.split('#')[1], $fault: 'client' })
      for (const { dynamodb: record } of answer.Records ?? [])
        record['ApproximateCreationDateTime'] = new Date(Number(record['ApproximateCreationDateTime']) * 1000)
      return answer
    }
    await using store = storeOver(server, {
      streams: {
        describeStream: (input) => ask('DescribeStream', input),
        getShardIterator: (input) => ask('GetShardIterator', input),
        getRecords: (input) => ask('GetRecords', input),
      },
    })
    await using stream = await store.collection('items').watch()
    await store.collection('items').insertOne({ _id: 1 })
    const event = await stream.next()
    expect(shown(event!)).toBe('insert 1')
    expect(Math.abs(Number(event?.wallTime) - Date.now())).toBeLessThan(60_000)
  })
})
