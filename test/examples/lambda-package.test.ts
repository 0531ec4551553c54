import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateTableCommand, DynamoDBClient, ScanCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { migrate } from '../../tools/runtimes/example.ts'
import { serveDynamo, type DynamoServer } from '../../tools/dynamodb-server/serve.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { root } from '../../tools/commands/steps.ts'
import { eventOf, sampleOf } from '../lambda/fixtures/events.ts'
import { dynamodbRecord, scheduledEvent, sqsRecord } from '../lambda/fixtures/records.ts'

const run = promisify(execFile)
const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}
interface Statement {
  readonly Effect: string
  readonly Action: readonly string[]
}

describe.skipIf(tools === undefined)(`serverless.yml${name}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-lambda-'))
  let endpoint: NeonEndpoint
  let dynamo: DynamoServer
  /** Of the packaged template. */
  let ofType: (type: string) => readonly Resource[]
  beforeAll(async () => {
    endpoint = await serveNeon()
    dynamo = await serveDynamo()
    await migrate(endpoint.url)
    await run(process.execPath, [join(root, 'tools/commands/build-lambda.ts')], { cwd: root })
    await osls('package', '--package', folder)
    const template = JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')) as {
      Resources: Record<string, Resource>
    }
    ofType = (type) => Object.values(template.Resources).filter((resource) => resource.Type === type)
  })
  afterAll(async () => {
    await endpoint.close()
    await dynamo.close()
    rmSync(folder, { recursive: true })
  })

  /** The packager, which has no account and is not asked for one. */
  const osls = async (...args: readonly string[]): Promise<string> => {
    const env = {
      ...process.env,
      DATABASE_URL: endpoint.url,
      SLS_TELEMETRY_DISABLED: '1',
      AWS_REGION: 'us-east-1',
      // The stand-in, in place of the region’s address.
      DYNAMODB_ENDPOINT: dynamo.endpoint,
      CURSOR_SECRET: crypto.randomUUID(),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      NODE_OPTIONS: '--enable-source-maps',
    }
    const { stdout } = await run(process.execPath, [join(tools!, 'osls', 'bin', 'serverless.js'), ...args], {
      cwd: root,
      env,
    })
    return stdout
  }
  const invoke = async (event: unknown): Promise<string> => {
    const path = join(folder, 'event.json')
    writeFileSync(path, JSON.stringify(event))
    return osls('invoke', 'local', '--function', 'catalogue', '--path', path)
  }

  describe('packages', () => {
    it('only the permissions that the function needs', () => {
      const [role] = ofType('AWS::IAM::Role')
      const policies = role?.Properties['Policies'] as { PolicyDocument: { Statement: Statement[] } }[]
      const statements = policies.flatMap((policy) => policy.PolicyDocument.Statement)
      expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:DescribeStream',
        'dynamodb:GetItem',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:UpdateItem',
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:TagResource',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ListQueues',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ])
    })

    it('the function, whose stack traces are of the source', () => {
      expect(ofType('AWS::Lambda::Function')).toMatchObject([
        {
          Properties: {
            Handler: '.lexigram/lambda/index.handler',
            Runtime: 'nodejs24.x',
            Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps', DATABASE_URL: endpoint.url } },
          },
        },
      ])
    })

    it('its triggers', () => {
      expect(ofType('AWS::Lambda::EventSourceMapping')).toMatchObject([
        {
          Properties: {
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            MaximumRetryAttempts: 5,
            DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['RefusedChanges', 'Arn'] } } },
          },
        },
        { Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'], BatchSize: 10 } },
      ])
      expect(ofType('AWS::Events::Rule')).toHaveLength(1)
      expect(ofType('AWS::ApiGatewayV2::Route')).toHaveLength(1)
    })

    it('alarms for what waits, what was refused and what fails', () => {
      const alarms = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)
      expect(
        alarms.map(({ Namespace, MetricName }) => `${String(Namespace)} ${String(MetricName)}`).toSorted(),
      ).toEqual([
        'AWS/ApiGateway 5xx',
        'AWS/Lambda Errors',
        'AWS/SQS ApproximateAgeOfOldestMessage',
        'AWS/SQS ApproximateNumberOfMessagesVisible',
        'AWS/SQS ApproximateNumberOfMessagesVisible',
      ])
      for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: 'Alarms' }])
    })
  })

  it('reads its secrets from SSM unless the shell has them', () => {
    const manifest = readFileSync(join(root, 'serverless.yml'), 'utf8')
    expect(manifest).toContain('DATABASE_URL: ${env:DATABASE_URL, ssm:/${self:service}/${sls:stage}/database-url}')
    expect(manifest).toContain('CURSOR_SECRET: ${env:CURSOR_SECRET, ssm:/${self:service}/${sls:stage}/cursor-secret}')
  })

  it('reports failures with places in the source', async () => {
    const failure: unknown = await invoke({ unknown: true }).catch((error: unknown) => error)
    const { stdout = '', stderr = '' } = failure as { stdout?: string; stderr?: string }
    expect(stdout + stderr).toMatch(/adapters\/lambda\/events\/unknown-event\.ts:\d+/)
  })

  it('runs locally with each of its triggers', async () => {
    using client = clientOf(dynamo)
    // Only what CreateTable knows of the template; a stack adds the rest to the table.
    for (const { Properties } of ofType('AWS::DynamoDB::Table')) {
      const { TableName, BillingMode, AttributeDefinitions, KeySchema } = Properties
      const input = { TableName, BillingMode, AttributeDefinitions, KeySchema } as CreateTableCommandInput
      await client.dynamodb.send(new CreateTableCommand(input))
    }
    const product = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"tea","name":"Tea"}',
    }
    expect(JSON.parse(await invoke(eventOf('http', await sampleOf('/products', product))))).toMatchObject({
      statusCode: 201,
    })
    expect(await invoke(scheduledEvent)).toContain('sold out: tea')
    const review = { ...product, body: '{"author":"ada","stars":1}' }
    const answer = await invoke(eventOf('http', await sampleOf('/products/tea/reviews', review)))
    expect(JSON.parse(answer)).toMatchObject({ statusCode: 201 })
    const { Items: stored = [] } = await client.dynamodb.send(new ScanCommand({ TableName: 'catalogue' }))
    const changes = stored.map((image, index) => ({
      ...dynamodbRecord(String(index)),
      dynamodb: { NewImage: asInEvents(image), SequenceNumber: String(index), StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }))
    expect(await invoke({ Records: changes })).toMatch(/poor review: \S+ of tea/)
    const delivery = (id: string) => sqsRecord(id, JSON.stringify({ id, by: 3 }))
    const booked = await invoke({ Records: [delivery('tea'), delivery('unknown')] })
    expect(booked.replaceAll(/\s/g, '')).toContain('{"batchItemFailures":[{"itemIdentifier":"unknown"}]}')
  })
})

/** Lambda's events have bytes in base64. */
const asInEvents = (image: object): unknown =>
  JSON.parse(
    JSON.stringify(image, (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  )

/** As the function signs its requests. */
function clientOf({ endpoint }: DynamoServer) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const dynamodb = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials })
  return { dynamodb, [Symbol.dispose]: () => dynamodb.destroy() }
}
