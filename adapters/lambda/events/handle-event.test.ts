import { describe, expect, it } from 'vitest'
import { err, ok } from '../../../src/runtime/index.ts'
import { untilDeadline } from '../../../test/lambda/deadline.ts'
import { samples } from '../../../test/lambda/fixtures/samples.ts'
import {
  cognitoEvent,
  s3Record,
  scheduledEvent,
  sesEvent,
  webSocketEvent,
} from '../../../test/lambda/fixtures/records.ts'
import { lambdaFunction } from '../../../test/support/lambda-function.ts'
import type { EventHandlers } from './handlers.ts'

const kinds = Object.keys(samples) as (keyof EventHandlers)[]

/** A handler for every kind, which tells that it was called. */
const everyKind = (seen: string[]): EventHandlers =>
  Object.fromEntries(kinds.map((kind) => [kind, () => void seen.push(kind)]))

describe('an event', () => {
  it.each(kinds)('an event of %s goes to its handler only', async (kind) => {
    const seen: string[] = []
    await lambdaFunction(everyKind(seen)).send(samples[kind])
    expect(seen).toEqual([kind])
  })

  it.each(kinds.filter((kind) => kind !== 'other'))(
    'an event of %s without its handler goes to `other`',
    async (kind) => {
      expect(await lambdaFunction({ other: () => 'seen' }).send(samples[kind])).toBe('seen')
    },
  )

  it.each([
    ['is of no known kind', { what: 1 }],
    ['has no handler', samples.s3],
    ['has a record without its id', { Records: [{ eventSource: 'aws:sqs' }] }],
    ['has a record of a stream without its number', { Records: [{ eventSource: 'aws:kinesis' }] }],
  ])('an event that %s is reported once', async (_name, event) => {
    const { errors, send } = lambdaFunction({ sqs: () => {}, kinesis: () => {} })
    await expect(send(event)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    expect(errors).toMatchObject([{ code: 'LEX_ERR_USE_001' }])
  })

  it('an event on a schedule goes to the bus’s handler if schedules have none', async () => {
    const seen: string[] = []
    await lambdaFunction({ eventBridge: (event) => void seen.push(event['detail-type']) }).send(scheduledEvent)
    expect(seen).toEqual(['Scheduled Event'])
  })

  it('an event of a WebSocket goes to its handler though it has a method and a path', async () => {
    const event = { ...webSocketEvent, httpMethod: 'GET', path: '/', headers: { host: 'x.test' } }
    const { send } = lambdaFunction({ webSocket: () => ({ statusCode: 204 }) }, { fetch: () => new Response('http') })
    expect(await send(event)).toEqual({ statusCode: 204 })
  })

  it('an event that is an HTTP request goes to the application, whatever the function has handlers for', async () => {
    const request = { rawPath: '/', headers: {}, requestContext: { http: { method: 'GET' } } }
    const { send } = lambdaFunction({ other: () => 'other' }, { fetch: () => new Response('http') })
    expect(await send(request)).toMatchObject({ statusCode: 200, body: 'http' })
  })

  it('an event that is an HTTP request is a 404 when the application answers none', async () => {
    const request = { rawPath: '/', headers: {}, requestContext: { http: { method: 'GET' } } }
    expect(await lambdaFunction({ schedule: () => {} }).send(request)).toMatchObject({ statusCode: 404 })
  })
})

describe('a failure', () => {
  const wholes = ['sns', 's3', 'schedule', 'eventBridge', 'cognito', 'webSocket', 'ses'] as const
  const failures = {
    'an Err': () => err(new Error('refused')),
    'a rejection': () => Promise.reject(new Error('refused')),
  }
  describe.each(Object.entries(failures))('by %s', (_name, handler) => {
    it.each(wholes)('a failure of %s fails the invocation, so that Lambda tries again', async (kind) => {
      await expect(lambdaFunction({ [kind]: handler }).send(samples[kind])).rejects.toThrow()
    })

    it.each(wholes)('a failure of %s is reported once', async (kind) => {
      const { errors, send } = lambdaFunction({ [kind]: handler })
      await send(samples[kind]).catch(() => {})
      expect(errors).toMatchObject([{ message: 'refused' }])
    })
  })

  it.each(['schedule', 'eventBridge', 'cognito', 'webSocket', 'other'] as const)(
    'a failure of %s is reported with the invocation’s id',
    async (kind) => {
      const { log, send } = lambdaFunction({ [kind]: () => Promise.reject(new Error('refused')) })
      await send(samples[kind]).catch(() => {})
      expect(log).toEqual(['handler invocation-1: refused'])
    },
  )

  it('a failure of one notification lets the others be handled first', async () => {
    const seen: string[] = []
    const { send } = lambdaFunction({
      s3: ({ s3 }) => (seen.push(s3.object.key), s3.object.key === 'b' ? err(new Error('no')) : ok()),
    })
    await expect(send({ Records: ['a', 'b', 'c'].map(s3Record) })).rejects.toThrow('1 of 3 records')
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('work that does not end by the deadline is a timeout, before Lambda ends the process', async () => {
    const { errors, send } = lambdaFunction({ schedule: () => new Promise(() => {}) })
    await expect(untilDeadline(() => send(scheduledEvent))).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    expect(errors).toHaveLength(1)
  })
})

describe('an answer', () => {
  it('an answer to Cognito is the event that the handler has changed', async () => {
    const { send } = lambdaFunction({
      cognito: (event) => {
        event.response.autoConfirmUser = true
      },
    })
    expect(await send(structuredClone(cognitoEvent))).toMatchObject({ response: { autoConfirmUser: true } })
  })

  it('an answer to Cognito is what the handler returns, if it does', async () => {
    const { send } = lambdaFunction({ cognito: (event) => ok({ ...event, own: true }) })
    expect(await send(cognitoEvent)).toMatchObject({ own: true })
  })

  it.each([
    ['a 200', () => {}, { statusCode: 200 }],
    ['what the handler returns', () => ({ statusCode: 403 }), { statusCode: 403 }],
  ])('an answer to a WebSocket’s client is %s', async (_name, handler, answer) => {
    expect(await lambdaFunction({ webSocket: handler }).send(webSocketEvent)).toEqual(answer)
  })

  it('an answer to SES is what the handler returns', async () => {
    const { send } = lambdaFunction({ ses: () => ({ disposition: 'STOP_RULE' }) })
    expect(await send(sesEvent)).toEqual({ disposition: 'STOP_RULE' })
  })

  it.each([
    ['Ok', ok('pong'), { ok: true, value: 'pong' }],
    ['Err', err('unknown'), { ok: false, error: 'unknown' }],
  ])('an answer of `other` is its %s as it is', async (_name, outcome, answer) => {
    expect(await lambdaFunction({ other: () => outcome }).send('ping')).toEqual(answer)
  })
})

describe('a batch of nothing', () => {
  const nothing = { Records: [] }

  it('is done', async () => {
    expect(await lambdaFunction({ kinesis: () => {} }).send(nothing)).toEqual({ batchItemFailures: [] })
  })

  it('goes to `other` where there is one', async () => {
    expect(await lambdaFunction({ sqs: () => {}, other: () => 'seen' }).send(nothing)).toBe('seen')
  })

  it('is an error in a function without handlers', async () => {
    await expect(lambdaFunction({}).send(nothing)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
