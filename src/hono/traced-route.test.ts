import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { createApplication } from '../runtime/application.ts'
import { expectTrace } from '../testing/tracing/expect-trace.ts'
import { createTestTracer } from '../testing/tracing/test-tracer.ts'
import { startTestApplication } from '../testing/test-application.ts'
import { onError } from './problems.ts'
import { requestScope } from './request-scope.ts'

async function traceOf(path: string) {
  const tracer = createTestTracer()
  const routes = new Hono()
  routes.use(requestScope())
  routes.onError(onError())
  routes.use('/orders/*', (_c, next) => next())
  routes.get('/orders/:id', (c) => c.text('order'))
  routes.get('/broken/:id', () => {
    throw new TypeError('broken')
  })
  const app = createApplication({ name: 'shop', tracer, onError: () => {}, fetch: routes.fetch })
  await using running = await startTestApplication(app)
  tracer.clear()
  await running.fetch(path)
  await running.settled()
  return tracer
}

describe('the span of a request that Hono routes', () => {
  it('is named by the route, not by the path', async () => {
    expectTrace(await traceOf('/orders/7'), {
      name: 'GET /orders/:id',
      attributes: { 'http.route': '/orders/:id', 'url.path': '/orders/7' },
      failure: null,
    })
  })

  it('is so when the handler throws', async () => {
    expectTrace(await traceOf('/broken/7'), {
      name: 'GET /broken/:id',
      attributes: { 'http.response.status_code': 500 },
      failure: 'TypeError',
    })
  })

  it('keeps its name where no route fits', async () => {
    const { attributes } = expectTrace(await traceOf('/orders'), { name: 'GET' })
    expect(attributes).not.toHaveProperty('http.route')
  })
})
