import { describe, expect, it } from 'vitest'
import { provider } from './provider.ts'
import { createApplication } from './application.ts'
import { healthKindOf, healthResponse } from './health.ts'

describe('health', () => {
  it('is as bad as its worst check, a throw counting as unhealthy', async () => {
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      onError: ({ error }) => errors.push(error),
      providers: [
        provider('fine', { healthCheck: () => 'healthy' }),
        provider('limping', { healthCheck: async () => 'degraded' as const }),
        provider('silent', {}),
      ],
    })
    await using running = await app.boot({})
    expect(await running.health('readiness')).toMatchObject({
      status: 'degraded',
      checks: [{ name: 'fine' }, { name: 'limping', status: 'degraded' }],
    })
    expect(await running.health('liveness')).toEqual({ status: 'healthy', checks: [] })
  })

  it('reports why without telling the caller', async () => {
    const errors: unknown[] = []
    const down = provider('database', { healthCheck: () => Promise.reject(new Error('db.internal refused')) })
    const app = createApplication({ name: 'test', providers: [down], onError: ({ error }) => errors.push(error) })
    await using running = await app.boot({})
    const response = healthResponse(await running.health('readiness'))
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('internal')
    expect(errors).toMatchObject([{ message: 'db.internal refused' }])
  })

  it.each([false, true, 'ok', 'Healthy', 0, {}, undefined])('takes %j from a check for unhealthy', async (status) => {
    const errors: unknown[] = []
    const odd = provider('odd', { healthCheck: () => status as never })
    const app = createApplication({ name: 'test', providers: [odd], onError: ({ error }) => errors.push(error) })
    await using running = await app.boot({})
    expect(await running.health('readiness')).toMatchObject({ status: 'unhealthy', checks: [{ status: 'unhealthy' }] })
    expect(errors).toMatchObject([{ code: 'LEX_ERR_USE_001' }])
  })

  it('knows its own paths only', () => {
    expect(healthKindOf('https://x.test/health/live?verbose', '/health')).toBe('liveness')
    expect(healthKindOf('https://x.test/health/ready', '/health')).toBe('readiness')
    expect(healthKindOf('https://x.test/health/startup', '/health')).toBe('startup')
    for (const url of ['https://x.test/', 'https://x.test/health/other', 'https://x.test/a?b=/health/live']) {
      expect(healthKindOf(url, '/health')).toBeUndefined()
    }
  })
})

it('health of a kind that does not exist is refused', async () => {
  await using app = await createApplication({ name: 'a' }).boot({})
  await expect(app.health('ready' as never)).rejects.toMatchObject({
    code: 'LEX_ERR_USE_001',
    message: "the kind of health must be 'liveness' or 'startup' or 'readiness'",
  })
})
