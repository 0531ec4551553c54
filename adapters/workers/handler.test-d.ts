import type {
  ExecutionContext,
  ExportedHandler,
  ForwardableEmailMessage,
  Message as CloudflareMessage,
  MessageBatch,
  ScheduledController,
} from '@cloudflare/workers-types'
import { describe, expectTypeOf, it } from 'vitest'
import type { Application, Message, Scope } from '../../src/runtime/index.ts'
import { workers, type WorkersHandler } from './handler.ts'
import type {
  EmailEnvelope,
  IncomingEmail,
  QueueBatch,
  ScheduledController as OwnController,
  WorkersContext,
} from './platform.ts'

interface Env {
  readonly DATABASE_URL: string
}
interface Order {
  readonly item: string
}
declare const app: Application

describe('workers', () => {
  it('makes what Cloudflare’s types call an exported handler', () => {
    const handler = workers<Env>(app)
    expectTypeOf(handler).toEqualTypeOf<WorkersHandler<Env>>()
    // Its `fetch` takes the library's own `Request`, of which Cloudflare's type is another one.
    expectTypeOf<Omit<typeof handler, 'fetch'>>().toExtend<ExportedHandler<Env>>()
  })

  it('takes what Cloudflare’s runtime hands over', () => {
    expectTypeOf<ExecutionContext>().toExtend<WorkersContext>()
    expectTypeOf<ScheduledController>().toExtend<OwnController>()
    expectTypeOf<MessageBatch>().toExtend<QueueBatch>()
    expectTypeOf<CloudflareMessage<Order>>().toExtend<Message>()
    expectTypeOf<ForwardableEmailMessage>().toExtend<EmailEnvelope>()
  })

  it('types the environment that options see', () => {
    workers<Env>(app, {
      env: (env) => {
        expectTypeOf(env).toEqualTypeOf<Env>()
        return { URL: env.DATABASE_URL }
      },
    })
  })

  it('types what a handler does not declare', () => {
    workers(app, {
      queue: (message, scope, batch) => {
        expectTypeOf(message).toEqualTypeOf<Message>()
        expectTypeOf(message.body).toBeUnknown()
        expectTypeOf(scope).toEqualTypeOf<Scope>()
        batch.retryAll({ delaySeconds: 30 })
      },
      email: (message) => {
        expectTypeOf(message).toEqualTypeOf<IncomingEmail>()
        return new Response(message.raw)
      },
    })
  })

  it('takes handlers that declare Cloudflare’s types', () => {
    workers(app, { queue: (message: CloudflareMessage<Order>) => message.body.item })
    workers<Env>(app, { queue: { handler: (message: CloudflareMessage<Order>) => message.ack(), concurrency: 2 } })
    workers(app, { email: (message: ForwardableEmailMessage) => message.forward('a@example.com') })
    workers<Env>(app, {
      env: (env) => ({ URL: env.DATABASE_URL }),
      queue: (message: CloudflareMessage<Order>) => message.retry({ delaySeconds: 1 }),
      email: (message: ForwardableEmailMessage, scope) => {
        expectTypeOf(scope).toEqualTypeOf<Scope>()
        message.setReject(message.headers.get('subject') ?? '')
      },
    })
  })

  it('takes a portable handler of messages', () => {
    const portable = (message: Message, scope: Scope): void => void [message, scope]
    workers(app, { queue: portable })
  })

  it('refuses handlers of something else', () => {
    // @ts-expect-error a queue sends no numbers
    workers(app, { queue: (message: number) => message })
    // @ts-expect-error nor does a mail server
    workers(app, { email: (message: { readonly subject: number }) => message })
  })
})
