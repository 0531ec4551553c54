import { createApplication, err, ok } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import type { Message } from 'lexigram-edge/runtime'
import { workers } from 'lexigram-edge/workers'
import { describe, expect, it } from 'vitest'
import { contextWith, sqsRecord } from './fixtures/records.ts'

type Handle = (message: Message) => unknown

const app = () => createApplication({ name: 'test', onError: () => {} })

async function behindSqs(handle: Handle): Promise<'done' | 'again'> {
  const result = await lambda.on(
    app(),
    { sqs: handle },
    { env: {} },
  )({ Records: [sqsRecord('1', '1')] }, contextWith(60_000))
  return (result as { batchItemFailures: unknown[] }).batchItemFailures.length === 0 ? 'done' : 'again'
}

/** The first call counts: https://developers.cloudflare.com/queues/configuration/javascript-apis/#message */
async function behindCloudflare(handle: Handle): Promise<'done' | 'again'> {
  let decision: 'done' | 'again' | undefined
  const message = {
    id: '1',
    timestamp: new Date(0),
    body: 1,
    attempts: 2,
    ack: () => void (decision ??= 'done'),
    retry: () => void (decision ??= 'again'),
  }
  const execution = { waitUntil: () => {}, passThroughOnException: () => {} }
  await workers(app(), { queue: handle }).queue({ queue: 'jobs', messages: [message] }, {}, execution)
  return decision ?? 'done'
}

const fail = (): never => {
  throw new Error('no')
}

describe('a handler of messages means the same with both queues when it', () => {
  const cases: Readonly<Record<string, readonly [outcome: 'done' | 'again', handle: Handle]>> = {
    'returns nothing': ['done', () => {}],
    'returns ok': ['done', () => ok()],
    'returns a value': ['done', () => false],
    'returns an Err': ['again', () => err('no')],
    throws: ['again', fail],
    rejects: ['again', () => Promise.reject(new Error('no'))],
    acknowledges: ['done', (message) => message.ack()],
    'acknowledges and throws': ['done', (message) => (message.ack(), fail())],
    'acknowledges and returns an Err': ['done', (message) => (message.ack(), err('no'))],
    'asks for it again': ['again', (message) => message.retry()],
    'asks for it again later and returns ok': ['again', (message) => (message.retry({ delaySeconds: 9 }), ok())],
    'acknowledges, then asks for it again': ['done', (message) => (message.ack(), message.retry())],
    'asks for it again, then acknowledges': ['again', (message) => (message.retry(), message.ack())],
  }
  it.each(Object.entries(cases))('%s', async (_name, [outcome, handle]) => {
    expect([await behindSqs(handle), await behindCloudflare(handle)]).toEqual([outcome, outcome])
  })
})
