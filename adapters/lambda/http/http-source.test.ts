import { createApplication } from '../../../src/runtime/application.ts'
import { RequestContext } from '../../../src/runtime/index.ts'
import { lambda } from '../handler.ts'
import { httpSourceOf } from './http-source.ts'
import type { HttpResult } from './result.ts'
import { describe, expect, it } from 'vitest'
import { contextWith, scheduledEvent } from '../../../test/lambda/fixtures/records.ts'
import { writers } from '../../../test/lambda/fixtures/wire-events.ts'

const request = { method: 'GET', path: '/a', query: [], headers: [], cookies: [], body: new Uint8Array() }

/** An event of a source, with what its request context has beside what it always has. */
function eventOf(source: string, more: { context?: object; event?: object; headers?: object } = {}) {
  const event = writers[source]!.write(request) as { headers: object; requestContext: object }
  return {
    ...event,
    headers: { ...event.headers, ...more.headers },
    requestContext: { ...event.requestContext, ...more.context },
    ...more.event,
  }
}

async function seenOf(event: object): Promise<unknown> {
  const app = createApplication({
    name: 'test',
    fetch: async (_request, _env, { scope }) => Response.json(httpSourceOf(await scope.resolve(RequestContext))),
  })
  const { body } = await lambda(app, { env: {} })<HttpResult>(event, contextWith(60_000))
  return JSON.parse(body)
}

describe('what an HTTP source reports beside the request', () => {
  it('is address, stage, path parameters and Cognito’s claims in a REST API', async () => {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
    const authorizer = { claims: { sub: 'jane', 'cognito:groups': 'admin' } }
    const event = eventOf('a REST API', { context: { authorizer }, event: { pathParameters: { id: '1' } } })
    expect(await seenOf(event)).toEqual({
      kind: 'rest',
      clientIp: '192.0.2.1',
      stage: 'prod',
      pathParameters: { id: '1' },
      claims: authorizer.claims,
      authorizer,
    })
  })

  it('is what a Lambda authorizer has answered', async () => {
    const authorizer = { principalId: 'jane', tenant: 'a', integrationLatency: 3 }
    expect(await seenOf(eventOf('a REST API', { context: { authorizer } }))).toMatchObject({ authorizer })
  })

  it('is a JWT’s claims in an HTTP API', async () => {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
    const jwt = { jwt: { claims: { sub: 'jane' }, scopes: ['read'] } }
    const event = eventOf('an HTTP API with a named stage', { context: { authorizer: jwt } })
    expect(await seenOf(event)).toEqual({
      kind: 'http',
      clientIp: '192.0.2.1',
      stage: 'prod',
      pathParameters: {},
      claims: { sub: 'jane' },
      authorizer: jwt,
    })
  })

  it('is the caller of a function URL', async () => {
    const iam = { iam: { accountId: '123456789012', userArn: 'arn:aws:iam::123456789012:user/jane' } }
    expect(await seenOf(eventOf('a function URL', { context: { authorizer: iam } }))).toMatchObject({ authorizer: iam })
  })

  it('is the address that a load balancer or VPC Lattice has added after what the client claims', async () => {
    const headers = { 'x-forwarded-for': 'spoofed, 203.0.113.7' }
    expect(await seenOf(eventOf('a load balancer', { headers }))).toEqual({
      kind: 'alb',
      clientIp: '203.0.113.7',
      pathParameters: {},
    })
    const lists = { 'x-forwarded-for': ['10.1.2.3'] }
    expect(await seenOf(eventOf('VPC Lattice', { headers: lists }))).toMatchObject({
      kind: 'lattice',
      clientIp: '10.1.2.3',
      authorizer: { sourceVpcArn: expect.stringContaining('vpc-1') },
    })
  })

  it('is never a value of another shape than it says', async () => {
    const context = { identity: 'x', authorizer: 'y', stage: undefined }
    const event = eventOf('a REST API', { context, event: { pathParameters: { id: 1, name: 'n' } } })
    expect(await seenOf(event)).toEqual({ kind: 'rest', pathParameters: { name: 'n' } })
  })

  it('is nothing for other events', async () => {
    const seen: unknown[] = []
    const schedule = async (
      _event: unknown,
      scope: { resolve(token: typeof RequestContext): Promise<RequestContext> },
    ) => seen.push(httpSourceOf(await scope.resolve(RequestContext)))
    await lambda.on(createApplication({ name: 'test' }), { schedule }, { env: {} })(scheduledEvent, contextWith(60_000))
    expect(seen).toEqual([undefined])
  })
})
