import type { ExecutionContext, ExportedHandler, MessageBatch, ScheduledController } from '@cloudflare/workers-types'
import { describe, expectTypeOf, it } from 'vitest'
import type { Application } from '../../src/runtime/index.ts'
import { workers, type WorkersHandler } from './handler.ts'
import type { QueueBatch, ScheduledController as OwnController, WorkersContext } from './platform.ts'

interface Env {
  readonly DATABASE_URL: string
}
declare const app: Application

describe('workers', () => {
  it('makes what Cloudflare’s types call an exported handler', () => {
    const handler = workers<Env>(app)
    expectTypeOf(handler).toEqualTypeOf<WorkersHandler<Env>>()
    expectTypeOf<Pick<typeof handler, 'scheduled' | 'queue'>>().toExtend<
      Pick<Required<ExportedHandler<Env>>, 'scheduled' | 'queue'>
    >()
  })

  it('takes what Cloudflare’s runtime hands over', () => {
    expectTypeOf<ExecutionContext>().toExtend<WorkersContext>()
    expectTypeOf<ScheduledController>().toExtend<OwnController>()
    expectTypeOf<MessageBatch>().toExtend<QueueBatch>()
  })

  it('types the environment that options see', () => {
    workers<Env>(app, {
      env: (env) => {
        expectTypeOf(env).toEqualTypeOf<Env>()
        return { URL: env.DATABASE_URL }
      },
    })
  })
})
