import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lambdaFunction } from '../../../../test/support/lambda-function.ts'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { toJson, type Item } from './codec/attribute-values.ts'
import { documentChanges, type DocumentChange } from './document-changes.ts'
import { dynamodb } from './dynamodb-driver.ts'
import type { DynamoTransport } from './transport/transport.ts'

interface User {
  readonly _id: number
  readonly name: string
  readonly visits: bigint
  readonly key: Uint8Array
}

const users = defineCollection<User>('users', { fields: { name: 'string' }, indexes: [{ keys: 'name', unique: true }] })

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

/** A store whose table can be looked at as a stream would: all items before and after a piece of work. */
async function open() {
  const driver = dynamodb({
    credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    catalogLifetime: 20,
  })
  const store = createDocumentStore(driver, {
    config: { endpointUrl: server.endpoint, table: 'app', createTables: true },
    scans: 'allow',
  })
  await store.createCollection(users)
  const transport = store.native as DynamoTransport
  const items = async (): Promise<ReadonlyMap<string, Item>> => {
    const answer = await transport.send('Scan', { TableName: 'app' }, { signal: AbortSignal.timeout(5000) })
    const all = answer['Items'] as readonly Item[]
    return new Map(all.map((item) => [toJson([item['pk'], item['sk']]), item]))
  }
  /** The records of the items that the work changes, as Lambda gets them. */
  const recordsOf = async (work: () => Promise<unknown>) => {
    const before = await items()
    await work()
    const after = await items()
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (key) => toJson(before.get(key)) !== toJson(after.get(key)),
    )
    return changed.map((key, index) => ({
      eventID: String(index),
      eventSource: 'aws:dynamodb',
      eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/app/stream/1',
      dynamodb: {
        ApproximateCreationDateTime: 1_700_000_000,
        SequenceNumber: String(index + 1),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        ...(before.has(key) && { OldImage: JSON.parse(toJson(before.get(key))) as object }),
        ...(after.has(key) && { NewImage: JSON.parse(toJson(after.get(key))) as object }),
      },
    }))
  }
  return { store, recordsOf }
}

it('watch is refused with what to use in its place', async () => {
  const driver = dynamodb({ credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }) })
  const config = { endpointUrl: server.endpoint, table: 'app', createTables: true }
  await using store = createDocumentStore(driver, { config })
  const watched = store.collection('orders').watch()
  await expect(watched).rejects.toMatchObject({
    code: 'LEX_ERR_NOSQL_009',
    hint: expect.stringContaining('documentChanges') as string,
  })
})

describe('the changes of a collection', () => {
  it('are read from what a write leaves on the stream, through a function', async () => {
    const { store, recordsOf } = await open()
    const seen: (DocumentChange<User> | undefined)[] = []
    const changeOf = documentChanges(users)
    const { send, errors } = lambdaFunction({ dynamodb: { handler: (record) => void seen.push(changeOf(record)) } })
    const ada: User = { _id: 1, visits: 5n, name: 'Ada', key: new Uint8Array([0, 255]) }
    const changesOf = async (work: () => Promise<unknown>) => {
      seen.length = 0
      expect(await send({ Records: await recordsOf(work) })).toEqual({ batchItemFailures: [] })
      return seen.filter((change) => change !== undefined)
    }
    const common = {
      id: 1,
      expired: false,
      at: new Date(1_700_000_000_000),
      sequenceNumber: expect.any(String) as string,
    }
    const collection = store.collection(users)
    expect(await changesOf(() => collection.insertOne(ada))).toEqual([
      { ...common, kind: 'insert', before: null, after: ada },
    ])
    // The index entries and locks that were written with it are not documents.
    expect(seen.length).toBeGreaterThan(1)
    const eve = { ...ada, name: 'Eve' }
    expect(await changesOf(() => collection.updateOne({ _id: 1 }, { $set: { name: 'Eve' } }))).toEqual([
      { ...common, kind: 'update', before: ada, after: eve },
    ])
    expect(await changesOf(() => store.collection('others').insertOne({ _id: 1 }))).toEqual([])
    expect(await changesOf(() => collection.deleteOne({ _id: 1 }))).toEqual([
      { ...common, kind: 'delete', before: eve, after: null },
    ])
    expect(errors).toEqual([])
  })

  it('tell what DynamoDB has deleted by itself', async () => {
    const { store, recordsOf } = await open()
    await store.collection(users).insertOne({ _id: 2, visits: 0n, name: 'Bob', key: new Uint8Array() })
    const records = await recordsOf(() => store.collection(users).deleteOne({ _id: 2 }))
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' }
    const changes = records.map((record) => documentChanges(users)({ ...record, userIdentity }))
    expect(changes.filter((change) => change !== undefined)).toMatchObject([{ kind: 'delete', expired: true }])
  })

  it('have the time of records that the SDK has read', async () => {
    const { store, recordsOf } = await open()
    const records = await recordsOf(() =>
      store.collection(users).insertOne({ _id: 3, visits: 0n, name: 'Joe', key: new Uint8Array() }),
    )
    const time = new Date(1_700_000_000_000)
    const asDates = records.map(({ dynamodb: record }) => ({
      dynamodb: { ...record, ApproximateCreationDateTime: time },
    }))
    expect(asDates.flatMap((record) => documentChanges(users)(record) ?? [])).toMatchObject([{ at: time }])
  })

  it('leave out a write that does not change the document', async () => {
    const { store, recordsOf } = await open()
    const others = store.collection<{ _id: number; n: number }>('others')
    const changeOf = documentChanges(defineCollection('others'))
    await others.insertOne({ _id: 4, n: 1 })
    const records = await recordsOf(() => others.updateOne({ _id: 4 }, { $set: { n: 1 } }))
    expect(records.length).toBeGreaterThan(0)
    expect(records.map((record) => changeOf(record))).toEqual(records.map(() => undefined))
  })

  it.each([{ StreamViewType: 'KEYS_ONLY' }, { StreamViewType: 'NEW_IMAGE', NewImage: {} }, {}])(
    'cannot be read from %o',
    (record) => {
      expect(() => documentChanges(users)({ dynamodb: record })).toThrowError(
        expect.objectContaining({ code: 'LEX_ERR_USE_001' }),
      )
    },
  )

  const image = { c: { S: 'users' }, k: { S: 'd' }, i: { S: '1' }, d: { M: {} } }
  it.each([
    { eventName: 'MODIFY', dynamodb: { OldImage: image } },
    { eventName: 'MODIFY', dynamodb: { NewImage: image } },
    { eventName: 'INSERT', dynamodb: { OldImage: image } },
    { eventName: 'REMOVE', dynamodb: { NewImage: image } },
    { eventName: 'REMOVE', dynamodb: null },
  ])('do not take half of a change for another: %o', (record) => {
    expect(() => documentChanges(users)(record)).toThrowError(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })
})
