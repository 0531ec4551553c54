import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse as parseHcl } from '@cdktf/hcl2json'
import { transform } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { serveDynamo } from '../../../tools/dynamodb-server/serve.ts'
import { dynamodb } from '../../nosql/drivers/dynamodb/dynamodb-driver.ts'
import { createDocumentStore } from '../../nosql/store/document-store.ts'
import { runCommand } from '../command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-tables-'))
  const entry = join(import.meta.dirname, '../../nosql/contract/define-collection.ts')
  writeFileSync(
    join(folder, 'collections.ts'),
    `import { defineCollection } from ${JSON.stringify(entry)}
export const users = defineCollection('users', { fields: { email: 'string' }, indexes: [{ keys: 'email', unique: true }] })
export const sessions = defineCollection('user-sessions', { indexes: [{ keys: 'at', expireAfterSeconds: 60 }] })
export const other = 5
`,
  )
  writeFileSync(
    join(folder, 'alike.ts'),
    `import { defineCollection } from ${JSON.stringify(entry)}
export const alike = ['ABC', 'abc', 'user-events', 'userEvents', 'userEvents2', '123', '-.-'].map((name) => defineCollection(name))
`,
  )
  writeFileSync(join(folder, 'empty.ts'), 'export const nothing = 1\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function print(...args: readonly string[]): Promise<string> {
  return printOf('collections.ts', ...args)
}

async function printOf(file: string, ...args: readonly string[]): Promise<string> {
  const lines: string[] = []
  const module = join(folder, file)
  const code = await runCommand(['dynamodb', 'tables', module, ...args], {
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    complain: () => undefined,
  })
  expect(code).toBe(0)
  return lines.join('\n')
}

const key = (type: string, name: string) => ({
  AttributeName: name,
  [type === 'HASH' || type === 'RANGE' ? 'KeyType' : 'AttributeType']: type,
})
const actions = [
  'BatchGetItem',
  'BatchWriteItem',
  'ConditionCheckItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
].map((name) => `dynamodb:${name}`)

const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((name) => `dynamodb:${name}`)

interface Template {
  readonly Transform?: string
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>
}

describe.each(['cloudformation', 'sam'])('tables as %s', (format) => {
  it('are those that the collections declare', async () => {
    const template = parseYaml(await print(`--format=${format}`, '--key-prefix=shop.')) as Template
    expect(template.Transform).toBe(format === 'sam' ? 'AWS::Serverless-2016-10-31' : undefined)
    expect(Object.keys(template.Resources)).toEqual(['ShopUsersTable', 'ShopUserSessionsTable', 'DocumentsPolicy'])
    expect(template.Resources['ShopUsersTable']?.Properties).toEqual({
      TableName: 'shop.users',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [key('S', 'pk'), key('B', 'sk')],
      KeySchema: [key('HASH', 'pk'), key('RANGE', 'sk')],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    })
    expect(template.Resources['ShopUserSessionsTable']?.Properties).toMatchObject({
      TableName: 'shop.user-sessions',
      TimeToLiveSpecification: { AttributeName: 't', Enabled: true },
    })
    expect(template.Resources['DocumentsPolicy']?.Properties).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: actions,
            Resource: [{ 'Fn::GetAtt': ['ShopUsersTable', 'Arn'] }, { 'Fn::GetAtt': ['ShopUserSessionsTable', 'Arn'] }],
          },
          { Action: ['dynamodb:ListTables'], Resource: '*' },
        ],
      },
    })
  })

  it('are one for all where that is wanted, with a stream', async () => {
    const text = await print(`--format=${format}`, '--table=app', '--watch')
    const template = parseYaml(text) as Template
    expect(Object.keys(template.Resources)).toEqual(['AppTable', 'DocumentsPolicy'])
    expect(template.Resources['AppTable']?.Properties).toMatchObject({
      TableName: 'app',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 't' },
    })
    expect(text).not.toContain('ListTables')
    expect(template.Resources['DocumentsPolicy']?.Properties).toMatchObject({
      PolicyDocument: {
        Statement: [
          { Action: actions },
          { Action: streamActions, Resource: [{ 'Fn::GetAtt': ['AppTable', 'StreamArn'] }] },
          { Action: ['dynamodb:DescribeTable'] },
        ],
      },
    })
  })
})

describe('tables as terraform', () => {
  it('are those that the collections declare', async () => {
    const parsed = (await parseHcl('tables.tf', await print('--format=terraform', '--watch'))) as {
      readonly resource: { readonly aws_dynamodb_table: Record<string, readonly Record<string, unknown>[]> }
      readonly data: { readonly aws_iam_policy_document: Record<string, readonly { statement: unknown }[]> }
    }
    const { users, user_sessions: sessions } = parsed.resource.aws_dynamodb_table
    expect(users?.[0]).toMatchObject({
      name: 'users',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'pk',
      range_key: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'B' },
      ],
      stream_enabled: true,
      stream_view_type: 'NEW_AND_OLD_IMAGES',
    })
    expect(users?.[0]).not.toHaveProperty('ttl')
    expect(sessions?.[0]).toMatchObject({ ttl: [{ attribute_name: 't', enabled: true }] })
    expect(parsed.data.aws_iam_policy_document['documents']?.[0]?.statement).toMatchObject([
      { actions, resources: ['${aws_dynamodb_table.users.arn}', '${aws_dynamodb_table.user_sessions.arn}'] },
      { actions: ['dynamodb:ListTables'] },
      {
        actions: streamActions,
        resources: ['${aws_dynamodb_table.users.stream_arn}', '${aws_dynamodb_table.user_sessions.stream_arn}'],
      },
      { actions: ['dynamodb:DescribeTable'] },
    ])
  })
})

describe('tables with names that are alike', () => {
  it('keep apart in terraform', async () => {
    const text = await printOf('alike.ts', '--format=terraform')
    const labels = [...text.matchAll(/^resource "aws_dynamodb_table" "([a-z][a-z0-9_]*)"/gm)].map(([, label]) => label)
    expect(new Set(labels).size).toBe(7)
  })

  it('keep apart in cloudformation', async () => {
    const template = parseYaml(await printOf('alike.ts'), { uniqueKeys: true }) as Template
    expect(Object.keys(template.Resources)).toHaveLength(8)
  })
})

describe('tables as cdk', () => {
  it('are made by a construct that runs', async () => {
    const made: unknown[][] = []
    const statements: unknown[] = []
    class Recorder {
      readonly tableArn: string
      readonly tableStreamArn: string
      constructor(...given: unknown[]) {
        made.push(given.slice(1))
        this.tableArn = `arn of ${String(given[1])}`
        this.tableStreamArn = `stream of ${String(given[1])}`
      }
    }
    const names = (...all: readonly string[]) => Object.fromEntries(all.map((name) => [name, name]))
    const scope = {
      Construct: Object,
      Table: Recorder,
      PolicyStatement: function PolicyStatement(given: unknown) {
        statements.push(given)
      },
      RemovalPolicy: names('RETAIN'),
      AttributeType: names('STRING', 'BINARY'),
      BillingMode: names('PAY_PER_REQUEST'),
      StreamViewType: names('NEW_AND_OLD_IMAGES'),
      Effect: names('ALLOW'),
    }
    const { code } = await transform(await print('--format=cdk', '--watch'), { loader: 'ts' })
    const body = code
      .replaceAll(/^import .*$/gm, '')
      .replace('export class', 'return class')
      .replace(/export \{[^}]*\};?/, 'return DocumentTables')
    // eslint-disable-next-line typescript/no-implied-eval -- the generated program is what is under test
    const Tables = new Function(...Object.keys(scope), body)(...Object.values(scope)) as new (
      scope: object,
      id: string,
    ) => {
      grantDocuments(grantee: object): void
    }
    new Tables({}, 'Documents').grantDocuments({ grantPrincipal: { addToPrincipalPolicy: () => undefined } })
    expect(made).toEqual([
      ['UsersTable', expect.objectContaining({ tableName: 'users', sortKey: { name: 'sk', type: 'BINARY' } })],
      ['UserSessionsTable', expect.objectContaining({ timeToLiveAttribute: 't', stream: 'NEW_AND_OLD_IMAGES' })],
    ])
    expect(statements).toEqual([
      { sid: 'Documents', effect: 'ALLOW', actions, resources: ['arn of UsersTable', 'arn of UserSessionsTable'] },
      { sid: 'HealthCheck', effect: 'ALLOW', actions: ['dynamodb:ListTables'], resources: ['*'] },
      {
        sid: 'Streams',
        effect: 'ALLOW',
        actions: streamActions,
        resources: ['stream of UsersTable', 'stream of UserSessionsTable'],
      },
      expect.objectContaining({ sid: 'Watch', actions: ['dynamodb:DescribeTable'] }),
    ])
  })
})

describe('the tables and the statement', () => {
  it('are all that a program needs', async () => {
    await using server = await serveDynamo()
    const template = parseYaml(await print('--table=app')) as Template
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const { DynamoDBClient, CreateTableCommand } = await import('@aws-sdk/client-dynamodb')
    using client = Object.assign(new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials }), {
      [Symbol.dispose]: () => client.destroy(),
    })
    const properties = template.Resources['AppTable']?.Properties ?? {}
    const { TableName, KeySchema, AttributeDefinitions, BillingMode } = properties as never
    await client.send(new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode }))
    const before = new Map(server.requests)

    const driver = dynamodb({ credentials: () => Promise.resolve(credentials), catalogLifetime: 20 })
    const store = createDocumentStore(driver, {
      config: { endpointUrl: server.endpoint, table: 'app' },
      scans: 'allow',
    })
    const items = store.collection('items')
    expect(await store.healthCheck()).toMatchObject({ status: 'healthy' })
    await items.createIndex({ n: 1 }, { unique: true })
    await items.insertMany(Array.from({ length: 5 }, (_, n) => ({ _id: n, n })))
    await store.collection('plain').insertOne({ _id: 1, n: 1 })
    await store.collection('plain').updateOne({ _id: 1 }, { $inc: { n: 1 } })
    await store.transaction(async (tx) => {
      await tx.collection('plain').findOne({ _id: 1 })
      await tx.collection('items').updateOne({ _id: 1 }, { $set: { n: 77 } })
    })
    await items.find({ _id: { $in: [1, 2] } }).toArray()
    await items.find({ n: 77 }).toArray()
    await items.deleteMany({ n: { $gte: 0 } })
    await items.dropIndex('n_1')
    await store.listCollections()
    await items.drop()

    const sent = [...server.requests].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name)
    // A transaction has the permissions of its actions.
    const plain = sent.filter((name) => name !== 'TransactWriteItems').map((name) => `dynamodb:${name}`)
    expect(actions).toEqual(expect.arrayContaining(plain))
  })
})

describe('lexigram-edge dynamodb', () => {
  it.each([
    [['tables'], /no module was named/],
    [['tables', 'nowhere.ts'], /cannot be loaded/],
    [['tables', 'EMPTY'], /must export a collection/],
    [['tables', 'COLLECTIONS', '--format=pulumi'], /must be one of cloudformation, sam, cdk, terraform/],
    [['tables', 'COLLECTIONS', '--table=a'], /must be 3 to 255/],
    [['tables', 'COLLECTIONS', '--unknown'], /--unknown must be one that dynamodb tables knows/],
    [['indexes'], /task of dynamodb must be one of tables/],
  ])('refuses %j', async (args, message) => {
    const real = args.map((each) =>
      each.replace('EMPTY', join(folder, 'empty.ts')).replace('COLLECTIONS', join(folder, 'collections.ts')),
    )
    const run = runCommand(['dynamodb', ...real], {
      signal: new AbortController().signal,
      print: () => undefined,
      complain: () => undefined,
    })
    await expect(run).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringMatching(message) as string,
    })
  })
})

it('a stream for Lambda adds nothing to the statement', async () => {
  const text = await print('--format=cloudformation', '--stream')
  expect(text).toContain('NEW_AND_OLD_IMAGES')
  expect(text).not.toContain('GetShardIterator')
})
