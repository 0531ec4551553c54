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
    const env = { ...process.env, DATABASE_URL: endpoint.url, SLS_TELEMETRY_DISABLED: '1', AWS_REGION: 'us-east-1' }
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

  it('packages the function and its triggers, with the permissions that they need and no others', async () => {
    await osls('package', '--package', folder)
    const template = JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')) as {
      Resources: Record<string, Resource>
    }
    const ofType = (type: string) => Object.values(template.Resources).filter((resource) => resource.Type === type)
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
    expect(ofType('AWS::Lambda::Function')).toMatchObject([
      { Properties: { Handler: '.lexigram/lambda/index.handler', Runtime: 'nodejs24.x' } },
    ])
    expect(ofType('AWS::Lambda::EventSourceMapping')).toMatchObject([
      { Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] } },
    ])
    expect(ofType('AWS::Events::Rule')).toHaveLength(1)
    expect(ofType('AWS::ApiGatewayV2::Route')).toHaveLength(1)
  })

  it('runs locally behind each of its triggers', async () => {
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
