/** The server of DynamoDB's API for tests compares empty and false values as any others, as AWS documents it. */

import { beforeAll, describe, expect, it } from 'vitest'
import { callDynamo, useDynamoServer } from '../support/dynamo-server.ts'

type Value = Readonly<Record<string, unknown>>

const { server } = useDynamoServer()
const call = (operation: string, body: object) => callDynamo<{ readonly Count?: number }>(server(), operation, body)

beforeAll(async () => {
  await call('CreateTable', {
    TableName: 'values',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  })
})

/** Whether a condition on `v` holds for an item that has this value there. */
async function holds(v: Value, FilterExpression: string, values: Readonly<Record<string, Value>>): Promise<boolean> {
  await call('PutItem', { TableName: 'values', Item: { pk: { S: 'one' }, v } })
  const { Count } = await call('Scan', {
    TableName: 'values',
    FilterExpression,
    ExpressionAttributeValues: values,
  })
  return Count === 1
}

describe.each([
  ['false', { BOOL: false }, { BOOL: true }],
  ['an empty text', { S: '' }, { S: 'a' }],
  ['empty bytes', { B: '' }, { B: 'AA==' }],
])('%s', (_name, value: Value, other: Value) => {
  const [type = ''] = Object.keys(value)

  it('is in a list of operands that has it', async () => {
    expect(await holds(value, 'v IN (:other, :same)', { ':other': other, ':same': value })).toBe(true)
  })

  it('is in no list of operands without it', async () => {
    expect(await holds(value, 'v IN (:other, :more)', { ':other': other, ':more': { N: '1' } })).toBe(false)
  })

  it('has its type', async () => {
    expect(await holds(value, 'attribute_type(v, :type)', { ':type': { S: type } })).toBe(true)
  })
})

describe.each([
  ['an empty text', { S: '' }, { S: 'a' }],
  ['empty bytes', { B: '' }, { B: 'AA==' }],
])('%s', (_name, value: Value, other: Value) => {
  it('is between itself and what is longer', async () => {
    expect(await holds(value, 'v BETWEEN :same AND :other', { ':same': value, ':other': other })).toBe(true)
  })

  it('is found in a list', async () => {
    expect(await holds({ L: [other, value] }, 'contains(v, :same)', { ':same': value })).toBe(true)
  })

  it('has the size 0', async () => {
    expect(await holds(value, 'size(v) = :none', { ':none': { N: '0' } })).toBe(true)
  })
})
