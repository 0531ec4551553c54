import { describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { NoSqlConfig } from '../nosql/config.ts'
import { memory } from '../nosql/drivers/memory/index.ts'
import { noSqlProvider } from '../nosql/provider.ts'
import { DocumentStore } from '../nosql/store/document-store.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import { createApplication } from '../runtime/application.ts'
import { createTestTracer } from '../testing/tracing/test-tracer.ts'
import { startTestApplication } from '../testing/test-application.ts'
import { createTracer } from './create-tracer.ts'

const env = { NOSQL_DRIVER: 'memory', CURSOR_SECRET: 'a secret of sixteen bytes' }

function shop(tracer: Tracer) {
  const application = createApplication({
    name: 'shop',
    tracer,
    onError: () => {},
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [noSqlProvider({ drivers: [memory()] })],
    async fetch(request, _env, { scope }) {
      const store = await scope.resolve(DocumentStore)
      const _id = new URL(request.url).pathname
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      await store.collection('visits').insertOne({ _id })
      await store.collection(`of${_id.replace('/', '-')}`).findOne()
      return new Response('done')
    },
  })
  return startTestApplication(application, { env })
}

describe('requests that interleave', () => {
  it('have each its own spans', async () => {
    const tracer = createTestTracer()
    await using app = await shop(tracer)
    tracer.clear()
    await Promise.all(Array.from({ length: 50 }, async (_, i) => (await app.fetch(`/${i}`)).text()))
    await app.settled()
    expect(tracer.roots).toHaveLength(50)
    expect(new Set(tracer.roots.map(({ traceId }) => traceId)).size).toBe(50)
    for (const { attributes, children } of tracer.roots) {
      const number = String(attributes['url.path']).slice(1)
      expect(children.map(({ name }) => name)).toEqual(['insertOne visits', `find of-${number}`, 'end of scope'])
    }
  })
})

describe('an application whose sink fails', () => {
  it('answers as if nothing was traced, after one report', async () => {
    const down = () => {
      throw new Error('the collector is down')
    }
    for (const sink of [
      { start: down },
      { start: () => ({ set: down, rename: down, fail: down, end: down, run: down }) },
    ]) {
      const told: unknown[] = []
      const tracer = createTracer(sink)
      tracer.reportTo((error) => told.push(error))
      await using app = await shop(tracer)
      for (const path of ['/a', '/b']) expect(await (await app.fetch(path)).text()).toBe('done')
      expect((await app.fetch('/a')).status).toBe(409)
      await app.settled()
      expect(told).toEqual([expect.objectContaining({ message: 'the collector is down' })])
      expect(app.errors).toEqual([])
    }
  })

  it('receives it in the phase trace', () => {
    const phases: string[] = []
    const tracer = createTracer({
      start() {
        throw new Error('down')
      },
    })
    createApplication({ name: 'shop', tracer, onError: ({ phase }) => void phases.push(phase) })
    tracer.start({ name: 'work' })
    tracer.start({ name: 'work' })
    expect(phases).toEqual(['trace'])
  })

  it('is refused where the tracer is none', () => {
    for (const tracer of ['tracer', {}, { start: () => {} }, createTracer]) {
      expect(() => createApplication({ name: 'shop', tracer: tracer as never })).toThrow(
        expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.stringMatching(/^tracer /) }),
      )
    }
  })
})

describe('a hostile traceparent', () => {
  it.each([
    '',
    'x'.repeat(100_000),
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`,
  ])('(case %#) begins a trace of the application’s', async (traceparent) => {
    const tracer = createTestTracer()
    await using app = await shop(tracer)
    tracer.clear()
    await (await app.fetch('/a', { headers: { traceparent } })).text()
    expect(tracer.roots[0]).toMatchObject({ name: 'GET', callerId: undefined })
  })
})
