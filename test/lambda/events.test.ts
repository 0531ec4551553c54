import fc from 'fast-check'
import { createApplication, err, ok } from 'lexigram-edge'
import { lambda, type EventHandlers, type LambdaHandler } from 'lexigram-edge/lambda'
import { describe, expect, it } from 'vitest'
import { damaged, damages } from './damage.ts'
import { untilDeadline } from './deadline.ts'
import {
  busEvent,
  cognitoEvent,
  contextWith,
  dynamodbRecord,
  kafkaEvent,
  kinesisRecord,
  s3Record,
  scheduledEvent,
  sesEvent,
  snsRecord,
  sqsRecord,
  webSocketEvent,
} from './fixtures/records.ts'

const minute = () => contextWith(60_000)

function functionWith(on: EventHandlers) {
  const errors: string[] = []
  const app = createApplication({
    name: 'test',
    fetch: () => new Response('http'),
    onError: (error, phase) => errors.push(`${phase}: ${(error as Error).message}`),
  })
  const handler = lambda(app, { env: {}, on })
  return { handler, errors, send: (event: unknown) => handler(event, minute()) }
}

const samples = {
  sqs: { Records: [sqsRecord('1', '1')] },
  kinesis: { Records: [kinesisRecord('1', '1')] },
  dynamodb: { Records: [dynamodbRecord('1')] },
  kafka: kafkaEvent({ 0: ['1'] }),
  sns: { Records: [snsRecord('1', 'text')] },
  s3: { Records: [s3Record('a+b')] },
  ses: sesEvent,
  schedule: scheduledEvent,
  eventBridge: busEvent,
  cognito: cognitoEvent,
  webSocket: webSocketEvent,
  other: { action: 'direct' },
} satisfies Record<keyof EventHandlers, unknown>
const kinds = Object.keys(samples) as (keyof EventHandlers)[]

/** A handler for every kind, which tells that it was called. */
function everyKind(seen: string[]): EventHandlers {
  return Object.fromEntries(kinds.map((kind) => [kind, () => void seen.push(kind)]))
}

describe('an event', () => {
  it.each(kinds)('of %s goes to its handler and to no other', async (kind) => {
    const seen: string[] = []
    await functionWith(everyKind(seen)).send(samples[kind])
    expect(seen).toEqual([kind])
  })

  it.each(kinds.filter((kind) => kind !== 'other'))(
    'of %s without a handler is an error that names it',
    async (kind) => {
      const { send } = functionWith({})
      await expect(send(samples[kind])).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        message: expect.stringContaining(kind),
        hint: expect.stringContaining(kind),
      })
    },
  )

  it('that nobody knows goes to `other`, whose answer is the caller’s, a failure included', async () => {
    const { send } = functionWith({ other: (event) => (event === 'ping' ? ok('pong') : err('unknown')) })
    expect(await send('ping')).toEqual({ ok: true, value: 'pong' })
    expect(await send({ Records: [] })).toEqual({ ok: false, error: 'unknown' })
    expect(await send(samples.sqs)).toEqual({ ok: false, error: 'unknown' })
  })

  it('on a schedule goes to the bus’s handler when there is no other', async () => {
    const seen: string[] = []
    await functionWith({ eventBridge: (event) => void seen.push(event['detail-type']) }).send(scheduledEvent)
    expect(seen).toEqual(['Scheduled Event'])
  })

  it('of one trigger leaves requests alone', async () => {
    const { send } = functionWith({ sqs: () => {} })
    const request = { rawPath: '/', headers: {}, requestContext: { http: { method: 'GET' } } }
    expect(await send(request)).toMatchObject({ statusCode: 200, body: 'http' })
  })
})

describe('a failure', () => {
  it.each(['sns', 's3', 'schedule', 'eventBridge', 'cognito', 'webSocket', 'ses'] as const)(
    'of %s fails the invocation, so that Lambda tries again, and is reported',
    async (kind) => {
      for (const handler of [() => err(new Error('refused')), () => Promise.reject(new Error('refused'))]) {
        const { errors, send } = functionWith({ [kind]: handler })
        await expect(send(samples[kind])).rejects.toThrow()
        expect(errors).toEqual(['handler: refused'])
      }
    },
  )

  it('of one notification lets the others be handled first', async () => {
    const seen: string[] = []
    const { send } = functionWith({
      s3: ({ s3 }) => (seen.push(s3.object.key), s3.object.key === 'b' ? err(new Error('no')) : ok()),
    })
    await expect(send({ Records: ['a', 'b', 'c'].map(s3Record) })).rejects.toThrow('1 of 3 records')
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('by the deadline is a timeout, before Lambda ends the process', async () => {
    const { errors, send } = functionWith({ schedule: () => new Promise(() => {}) })
    await expect(untilDeadline(() => send(scheduledEvent))).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    expect(errors).toHaveLength(1)
  })
})

describe('an answer', () => {
  it('to Cognito is what the handler returns, or the event that it has changed', async () => {
    const changing = functionWith({
      cognito: (event) => {
        event.response.autoConfirmUser = true
      },
    })
    expect(await changing.send(structuredClone(cognitoEvent))).toMatchObject({ response: { autoConfirmUser: true } })
    const own = functionWith({ cognito: (event) => ok({ ...event, own: true }) })
    expect(await own.send(cognitoEvent)).toMatchObject({ own: true })
  })

  it('to a WebSocket’s client is what the handler returns, or nothing', async () => {
    expect(await functionWith({ webSocket: () => {} }).send(webSocketEvent)).toEqual({ statusCode: 200 })
    const refusing = functionWith({ webSocket: () => ({ statusCode: 403 }) })
    expect(await refusing.send(webSocketEvent)).toEqual({ statusCode: 403 })
  })

  it('to SES is what the handler returns', async () => {
    const { send } = functionWith({ ses: () => ({ disposition: 'STOP_RULE' }) })
    expect(await send(sesEvent)).toEqual({ disposition: 'STOP_RULE' })
  })
})

describe('whatever arrives', () => {
  const seen: string[] = []
  const { handler } = functionWith({ ...everyKind(seen), other: undefined as never })

  /** An answer, or an error that says what is wrong with the event. */
  async function settles(function_: LambdaHandler, event: unknown): Promise<void> {
    const outcome: unknown = await function_(event, minute()).catch((error: unknown) => error)
    if (!(outcome instanceof Error)) return
    const handedBack = /^\d+ of \d+ records were not handled$/.test(outcome.message)
    expect(handedBack || (outcome as { code?: string }).code).toEqual(handedBack || 'LEX_ERR_USE_001')
  }

  it('is an answer or a typed error: values of any shape', async () => {
    await fc.assert(fc.asyncProperty(fc.anything(), (event) => settles(handler, event)))
  })

  it('is an answer or a typed error: documented events with members missing or replaced', async () => {
    const kind = fc.constantFrom(...kinds.filter((name) => name !== 'other'))
    await fc.assert(
      fc.asyncProperty(kind, damages, (name, changes) => settles(handler, damaged(samples[name], changes))),
      { numRuns: 1000 },
    )
  })
})
