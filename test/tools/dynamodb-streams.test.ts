/** The server of DynamoDB's API for tests has streams as AWS documents them. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../tools/dynamodb-server/serve.ts'

type Body = Readonly<Record<string, unknown>>
interface StreamedRecord extends Body {
  readonly eventName: string
  readonly dynamodb: Body & { readonly SequenceNumber: string; readonly NewImage?: Body; readonly OldImage?: Body }
}

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

const ofStreams = new Set(['DescribeStream', 'GetShardIterator', 'GetRecords'])

async function call(
  operation: string,
  body: Body,
  service = ofStreams.has(operation) ? 'DynamoDBStreams' : 'DynamoDB',
) {
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `${service}_20120810.${operation}` },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Body
}

let tables = 0
/** A table with a stream, and what reads it. */
async function tableWithStream(view = 'NEW_AND_OLD_IMAGES') {
  const TableName = `streamed-${++tables}`
  await call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: view },
  })
  const described = (await call('DescribeTable', { TableName }))['Table'] as Body
  const StreamArn = String(described['LatestStreamArn'])
  const stream = async (more: Body = {}) =>
    (await call('DescribeStream', { StreamArn, ...more }))['StreamDescription'] as Body & {
      readonly Shards: readonly (Body & { readonly ShardId: string })[]
    }
  const iterator = async (more: Body, shard = 0) => {
    const { ShardId } = (await stream()).Shards[shard] ?? { ShardId: '' }
    return call('GetShardIterator', { StreamArn, ShardId, ...more })
  }
  const records = async (more: Body = { ShardIteratorType: 'TRIM_HORIZON' }, shard = 0) => {
    const answer = await call('GetRecords', { ShardIterator: (await iterator(more, shard))['ShardIterator'] })
    return answer as Body & { readonly Records: readonly StreamedRecord[] }
  }
  const put = (pk: string, n = 0) => call('PutItem', { TableName, Item: { pk: { S: pk }, n: { N: String(n) } } })
  const names = async () => (await records()).Records.map(({ eventName }) => eventName)
  return { TableName, StreamArn, stream, iterator, records, put, names, described }
}

describe('records', () => {
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
  it('have the item before and after each change', async () => {
    const { TableName, put, records } = await tableWithStream()
    await put('a', 1)
    await call('UpdateItem', {
      TableName,
      Key: { pk: { S: 'a' } },
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': { N: '2' } },
    })
    await call('DeleteItem', { TableName, Key: { pk: { S: 'a' } } })
    const images = (await records()).Records.map(({ eventName, dynamodb: { OldImage, NewImage } }) => [
      eventName,
      OldImage?.['n'],
      NewImage?.['n'],
    ])
    expect(images).toEqual([
      ['INSERT', undefined, { N: '1' }],
      ['MODIFY', { N: '1' }, { N: '2' }],
      ['REMOVE', { N: '2' }, undefined],
    ])
  })

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
  it('are not written for what changes nothing', async () => {
    const { TableName, put, names } = await tableWithStream()
    await put('a', 1)
    await put('a', 1)
    await call('DeleteItem', { TableName, Key: { pk: { S: 'b' } } })
    await call('PutItem', {
      TableName,
      Item: { pk: { S: 'a' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    })
    expect(await names()).toEqual(['INSERT'])
  })

  it('are written for each item of a batch', async () => {
    const { TableName, names } = await tableWithStream()
    const puts = ['a', 'b'].map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } }))
    await call('BatchWriteItem', { RequestItems: { [TableName]: puts } })
    expect(await names()).toEqual(['INSERT', 'INSERT'])
  })

  it('are written for a transaction that is carried out', async () => {
    const { TableName, names } = await tableWithStream()
    const putOf = (pk: string) => ({ Put: { TableName, Item: { pk: { S: pk } } } })
    await call('TransactWriteItems', { TransactItems: [putOf('a'), putOf('b')] })
    const refused = { TableName, Key: { pk: { S: 'c' } }, ConditionExpression: 'attribute_exists(pk)' }
    await call('TransactWriteItems', { TransactItems: [putOf('d'), { ConditionCheck: refused }] })
    expect(await names()).toEqual(['INSERT', 'INSERT'])
  })

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
  it('say what DynamoDB has deleted by itself', async () => {
    const { TableName, records } = await tableWithStream()
    await call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 't', Enabled: true } })
    await call('PutItem', { TableName, Item: { pk: { S: 'a' }, t: { N: '1' } } })
    await server.sweep(TableName, Date.now())
    expect((await records()).Records.at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    })
  })

  it('have numbers that grow', async () => {
    const { put, records } = await tableWithStream()
    for (const pk of ['a', 'b', 'c']) await put(pk)
    const numbers = (await records()).Records.map(({ dynamodb }) => BigInt(dynamodb.SequenceNumber))
    expect(numbers).toEqual(numbers.toSorted((a, b) => Number(a - b)))
    expect(new Set(numbers).size).toBe(3)
  })

  it('have no more of the items than the stream has', async () => {
    const { put, records } = await tableWithStream('KEYS_ONLY')
    await put('a')
    const [record] = (await records()).Records
    expect(record?.dynamodb).toMatchObject({ Keys: { pk: { S: 'a' } }, StreamViewType: 'KEYS_ONLY' })
    expect(record?.dynamodb.NewImage).toBeUndefined()
  })
})

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
describe('an iterator', () => {
  it('reads from now on, or around a record', async () => {
    const { put, records } = await tableWithStream()
    await put('a')
    await put('b')
    const [first] = (await records()).Records
    const SequenceNumber = first?.dynamodb.SequenceNumber
    const lengthOf = async (ShardIteratorType: string) =>
      (await records({ ShardIteratorType, ...(ShardIteratorType.includes('AT') && { SequenceNumber }) })).Records.length
    expect((await records({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber })).Records).toHaveLength(2)
    expect((await records({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })).Records).toHaveLength(1)
    expect(await lengthOf('LATEST')).toBe(0)
  })

  it('expires', async () => {
    const { iterator } = await tableWithStream()
    const { ShardIterator } = await iterator({ ShardIteratorType: 'LATEST' })
    server.streams.expireIterators()
    expect(await call('GetRecords', { ShardIterator })).toMatchObject({
      __type: expect.stringContaining('#ExpiredIteratorException') as string,
    })
  })

  it('cannot be made after a record that was removed', async () => {
    const { TableName, put, records, iterator } = await tableWithStream()
    await put('a')
    const SequenceNumber = (await records()).Records[0]?.dynamodb.SequenceNumber
    server.streams.trim(TableName)
    expect(await iterator({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })).toMatchObject({
      __type: expect.stringContaining('#TrimmedDataAccessException') as string,
    })
  })

  it('made before records were removed does not read what follows them', async () => {
    const { TableName, put, iterator } = await tableWithStream()
    const { ShardIterator } = await iterator({ ShardIteratorType: 'TRIM_HORIZON' })
    await put('a')
    server.streams.trim(TableName)
    expect(await call('GetRecords', { ShardIterator })).toMatchObject({
      __type: expect.stringContaining('#TrimmedDataAccessException') as string,
    })
  })
})

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
describe('shards', () => {
  it('shards that are split are followed by two', async () => {
    const { TableName, put, stream, records } = await tableWithStream()
    await put('a')
    server.streams.split(TableName)
    await put('a', 1)
    const { Shards } = await stream()
    expect(Shards).toMatchObject([
      { SequenceNumberRange: { EndingSequenceNumber: expect.any(String) as string } },
      { ParentShardId: Shards[0]?.ShardId },
      { ParentShardId: Shards[0]?.ShardId },
    ])
    const found = await Promise.all([0, 1, 2].map((shard) => records(undefined, shard)))
    expect(found.map(({ Records }) => Records.length).toSorted()).toEqual([0, 1, 1])
    // A closed one ends with its last record.
    expect(found.map(({ NextShardIterator }) => NextShardIterator === undefined)).toEqual([true, false, false])
  })

  it('are listed page by page', async () => {
    const { TableName, stream } = await tableWithStream()
    server.streams.split(TableName)
    server.streams.mostShards = 2
    const first = await stream()
    const second = await stream({ ExclusiveStartShardId: first['LastEvaluatedShardId'] })
    server.streams.mostShards = 100
    expect([first.Shards.length, second.Shards.length, second['LastEvaluatedShardId']]).toEqual([2, 1, undefined])
  })

  it('are closed when the stream is disabled', async () => {
    const { TableName, stream } = await tableWithStream()
    await call('UpdateTable', { TableName, StreamSpecification: { StreamEnabled: false } })
    expect(await stream()).toMatchObject({
      StreamStatus: 'DISABLED',
      Shards: [{ SequenceNumberRange: { EndingSequenceNumber: expect.any(String) as string } }],
    })
  })

  it('can be read after the table was deleted', async () => {
    const { TableName, put, names } = await tableWithStream()
    await put('a')
    await call('DeleteTable', { TableName })
    expect(await names()).toEqual(['INSERT'])
  })
})

describe('a table', () => {
  it('a table that gets a stream again has another one', async () => {
    const { TableName, StreamArn } = await tableWithStream()
    await call('UpdateTable', { TableName, StreamSpecification: { StreamEnabled: false } })
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' }
    await call('UpdateTable', { TableName, StreamSpecification })
    const { Table } = await call('DescribeTable', { TableName })
    expect(Table).toMatchObject({ StreamSpecification })
    expect((Table as Body)['LatestStreamArn']).not.toBe(StreamArn)
  })
})

it('an operation of streams is refused by the service of tables', async () => {
  const { StreamArn } = await tableWithStream()
  expect(await call('DescribeStream', { StreamArn }, 'DynamoDB')).toMatchObject({
    __type: expect.stringContaining('#UnknownOperationException') as string,
  })
})
