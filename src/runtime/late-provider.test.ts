import { describe, expect, it, vi } from 'vitest'
import { createApplication } from './application.ts'
import { provider, type ProviderHooks } from './provider.ts'

/** A provider whose boot ends when the test says so, long after its time limit, and what the application reports. */
function lateBoot(hooks: Partial<ProviderHooks> = {}) {
  const log: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = provider('late', {
    timeout: 5,
    boot: () => promise,
    shutdown: () => void log.push('shutdown'),
    ...hooks,
  })
  const app = createApplication({
    name: 'test',
    providers: [late],
    onError: ({ error, phase, subject }) => void log.push(`${phase} ${subject}: ${(error as Error).message}`),
  })
  return { app, log, end: resolve, fail: reject }
}

const tooSlow = 'boot of provider late did not end within 5 ms'

describe('a required provider whose boot ends after its time limit', () => {
  it('is shut down once', async () => {
    const { app, log, end } = lateBoot()
    await expect(app.boot({})).rejects.toThrow(tooSlow)
    expect(log).toEqual([])
    end()
    await vi.waitFor(() => expect(log).toEqual(['shutdown']))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(log).toEqual(['shutdown'])
  })

  it('has what its shutdown throws reported', async () => {
    const { app, log, end } = lateBoot({ shutdown: () => Promise.reject(new Error('still in use')) })
    await expect(app.boot({})).rejects.toThrow(tooSlow)
    end()
    await vi.waitFor(() => expect(log).toEqual(['provider late: still in use']))
  })

  it('is not shut down when its boot fails in the end, which is reported', async () => {
    const { app, log, fail } = lateBoot()
    await expect(app.boot({})).rejects.toThrow(tooSlow)
    fail(new Error('no database'))
    await vi.waitFor(() => expect(log).toEqual(['provider late: no database']))
  })

  it('has a shutdown that is bounded in time, too', async () => {
    const { app, log, end } = lateBoot({ shutdown: () => new Promise<void>(() => {}) })
    await expect(app.boot({})).rejects.toThrow(tooSlow)
    end()
    await vi.waitFor(() => expect(log).toEqual(['provider late: shutdown of provider late did not end within 5 ms']))
  })
})

describe('an optional provider whose boot ends after its time limit', () => {
  it('is shut down once beneath an application that goes on', async () => {
    const { app, log, end } = lateBoot({ required: false })
    const running = await app.boot({})
    expect(log).toEqual([`provider late: ${tooSlow}`])
    end()
    await vi.waitFor(() => expect(log).toContain('shutdown'))
    await running.shutdown()
    expect(log).toEqual([`provider late: ${tooSlow}`, 'shutdown'])
  })
})

describe('a provider whose register fails after its time limit', () => {
  it('has that reported', async () => {
    const { promise, reject } = Promise.withResolvers<void>()
    const { app, log } = lateBoot({ register: () => promise, boot: () => {} })
    await expect(app.boot({})).rejects.toThrow('register of provider late did not end within 5 ms')
    reject(new Error('no module'))
    await vi.waitFor(() => expect(log).toEqual(['provider late: no module']))
  })
})
