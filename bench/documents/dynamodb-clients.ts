import { createRequire } from 'node:module'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { Entity as ToolboxEntity, GetItemCommand, Table, any, item, list, map, number, string } from 'dynamodb-toolbox'
import { Entity } from 'electrodb'
import { toSecret } from '../../src/core/setting/secret.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/index.ts'
import { awsSdk } from '../../src/nosql/drivers/dynamodb/sdk/index.ts'
import { createDocumentStore, type Collection } from '../../src/nosql/index.ts'
import { customers, type Customer } from '../engine/documents.ts'

/** What every case asks for. */
const customer = customers[7]!

type Json = Readonly<Record<string, unknown>>

/** The customer as DynamoDB has it. */
const attributes = {
  status: { S: customer.status },
  age: { N: String(customer.age) },
  address: { M: { city: { S: customer.address.city }, zip: { N: String(customer.address.zip) } } },
  tags: { L: customer.tags.map((tag) => ({ S: tag })) },
  items: { L: customer.items.map(({ sku, qty }) => ({ M: { sku: { S: sku }, qty: { N: String(qty) } } })) },
}

const config = { region: 'us-east-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } }

/** The copy of the vendor's package that ours sends commands of. The peers have another; an application has one. */
const own = createRequire(new URL('../../src/', import.meta.url))('@aws-sdk/client-dynamodb') as {
  readonly DynamoDBClient: typeof DynamoDBClient
}

/** The vendor's client in front of a server that answers at once. */
function sdk(answer: (body: string) => string, Client = DynamoDBClient): DynamoDBClient {
  const headers = { 'content-type': 'application/x-amz-json-1.0' }
  const requestHandler = {
    handle: async ({ body }: { readonly body: Uint8Array }) => ({
      response: { statusCode: 200, headers, body: new TextEncoder().encode(answer(new TextDecoder().decode(body))) },
    }),
  }
  // All that the client asks of a handler.
  return new Client({ ...config, maxAttempts: 1, requestHandler: requestHandler as never })
}

function documentClient(stored: Json): DynamoDBDocumentClient {
  const text = JSON.stringify({ Item: stored })
  return DynamoDBDocumentClient.from(sdk(() => text))
}

export function vendor(): () => Promise<number> {
  const client = documentClient({ pk: { S: '7' }, ...attributes })
  return async () => {
    const { Item } = await client.send(
      new GetCommand({ TableName: 'customers', Key: { pk: '7' }, ConsistentRead: true }),
    )
    return (Item as Customer).age
  }
}

export function electro(): () => Promise<number> {
  const client = documentClient({
    pk: { S: '$bench#id_7' },
    sk: { S: '$customer_1' },
    id: { N: '7' },
    __edb_e__: { S: 'customer' },
    __edb_v__: { S: '1' },
    ...attributes,
  })
  const entity = new Entity(
    {
      model: { entity: 'customer', version: '1', service: 'bench' },
      attributes: {
        id: { type: 'number', required: true },
        status: { type: 'string' },
        age: { type: 'number' },
        address: { type: 'map', properties: { city: { type: 'string' }, zip: { type: 'number' } } },
        tags: { type: 'list', items: { type: 'string' } },
        items: {
          type: 'list',
          items: { type: 'map', properties: { sku: { type: 'string' }, qty: { type: 'number' } } },
        },
      },
      indexes: { primary: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } } },
    },
    { client, table: 'customers' },
  )
  return async () => (await entity.get({ id: 7 }).go({ consistent: true })).data?.age ?? 0
}

export function toolbox(): () => Promise<number> {
  const client = documentClient({ id: { N: '7' }, _et: { S: 'customer' }, ...attributes })
  const table = new Table({
    name: 'customers',
    partitionKey: { name: 'id', type: 'number' },
    documentClient: client,
  })
  const entity = new ToolboxEntity({
    name: 'customer',
    table,
    timestamps: false,
    schema: item({
      id: number().key(),
      status: string(),
      age: number(),
      address: map({ city: string(), zip: number() }),
      tags: list(string()),
      items: list(any()),
    }),
  })
  return async () => {
    const { Item } = await entity.build(GetItemCommand).key({ id: 7 }).options({ consistent: true }).send()
    return Item?.age ?? 0
  }
}

/**
 * Answers with what this package has written itself: it stores more than the fields. As for the others, the answer to a get
 * is a text that is there already.
 */
function rememberingServer(): (body: string) => string {
  let stored = '{}'
  return (body) => {
    // Of indexes nothing is known, so that there are none.
    if (body.includes('"Key"')) return body.includes('#m#') ? '{}' : stored
    const { TransactItems, Item } = JSON.parse(body) as Json
    const put =
      Item ?? (TransactItems as readonly { readonly Put?: { readonly Item: unknown } }[] | undefined)?.[0]?.Put?.Item
    if (put !== undefined) stored = JSON.stringify({ Item: put })
    return '{}'
  }
}

async function getOf(collection: Collection<Customer>): Promise<() => Promise<number>> {
  await collection.insertOne(customer)
  return async () => (await collection.findOne({ _id: 7 }))?.age ?? 0
}

export function withSdk(): Promise<() => Promise<number>> {
  const transport = awsSdk(sdk(rememberingServer(), own.DynamoDBClient))
  return getOf(createDocumentStore(dynamodb({ transport })).collection<Customer>('customers'))
}

export function withFetch(): Promise<() => Promise<number>> {
  const answer = rememberingServer()
  const driver = dynamodb({ fetch: async (_url, init) => new Response(answer(String(init?.body))) })
  const settings = { region: 'us-east-1', accessKeyId: 'id', secretAccessKey: toSecret('key') }
  return getOf(createDocumentStore(driver, { config: settings }).collection<Customer>('customers'))
}
