import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { migrate } from '../../tools/runtimes/example.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { root } from '../../tools/commands/steps.ts'
import { eventOf, sampleOf } from '../lambda/fixtures/events.ts'
import { scheduledEvent, sqsRecord } from '../lambda/fixtures/records.ts'

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
  beforeAll(async () => {
    endpoint = await serveNeon()
    await migrate(endpoint.url)
    await run(process.execPath, [join(root, 'tools/commands/build-lambda.ts')], { cwd: root })
  })
  afterAll(async () => {
    await endpoint.close()
    rmSync(folder, { recursive: true })
  })

  /** The packager, which has no account and is not asked for one. */
  const osls = async (...args: readonly string[]): Promise<string> => {
    const env = {
      ...process.env,
      DATABASE_URL: endpoint.url,
      SLS_TELEMETRY_DISABLED: '1',
      AWS_REGION: 'us-east-1',
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
    let ofType: (type: string) => readonly Resource[]
    beforeAll(async () => {
      await osls('package', '--package', folder)
      const template = JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')) as {
        Resources: Record<string, Resource>
      }
      ofType = (type) => Object.values(template.Resources).filter((resource) => resource.Type === type)
    })

    it('the permissions that the function needs, and no others', () => {
      const [role] = ofType('AWS::IAM::Role')
      const policies = role?.Properties['Policies'] as { PolicyDocument: { Statement: Statement[] } }[]
      const statements = policies.flatMap((policy) => policy.PolicyDocument.Statement)
      expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:TagResource',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
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
        { Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] } },
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
      ])
      for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: 'Alarms' }])
    })
  })

  it('reads the database’s address from SSM unless the shell has one', () => {
    const manifest = readFileSync(join(root, 'serverless.yml'), 'utf8')
    expect(manifest).toContain('DATABASE_URL: ${env:DATABASE_URL, ssm:/${self:service}/${sls:stage}/database-url}')
  })

  it('reports failures with places in the source', async () => {
    const failure: unknown = await invoke({ unknown: true }).catch((error: unknown) => error)
    const { stdout = '', stderr = '' } = failure as { stdout?: string; stderr?: string }
    expect(stdout + stderr).toMatch(/adapters\/lambda\/events\/unknown-event\.ts:\d+/)
  })

  it('runs locally with each of its triggers', async () => {
    const product = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"tea","name":"Tea"}',
    }
    expect(JSON.parse(await invoke(eventOf('http', await sampleOf('/products', product))))).toMatchObject({
      statusCode: 201,
    })
    expect(await invoke(scheduledEvent)).toContain('sold out: tea')
    const delivery = (id: string) => sqsRecord(id, JSON.stringify({ id, by: 3 }))
    const booked = await invoke({ Records: [delivery('tea'), delivery('unknown')] })
    expect(booked.replaceAll(/\s/g, '')).toContain('{"batchItemFailures":[{"itemIdentifier":"unknown"}]}')
  })
})
