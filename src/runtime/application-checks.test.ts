import { describe, expect, it } from 'vitest'
import { createApplication } from './application.ts'
import type { Provider } from './provider.ts'

describe('an option of createApplication', () => {
  it.each([
    ['onError', 'console.error', "'onError' must be a function, not a string"],
    ['log', {}, 'log'],
    ['name', 7, "'name' must be text, not a number"],
    ['health', '/x/', "'health' must be false, or a path such as '/health'"],
    ['health', 'x', "'health' must be"],
    ['health', '', "'health' must be"],
    ['health', '/a b', "'health' must be"],
    ['health', '/a?b', "'health' must be"],
    ['health', true, "'health' must be"],
    ['disposeTimeout', Number.NaN, "'disposeTimeout' must be a number of at least 0"],
    ['disposeTimeout', -1, "'disposeTimeout' must be a number of at least 0"],
    ['disposeTimeout', '5', "'disposeTimeout' must be a number of at least 0, not a string"],
    ['statuses', { SOLD_OUT: 200 }, "'statuses' must be a plain object of HTTP statuses from 400 to 599"],
    ['statuses', { SOLD_OUT: 600 }, "'statuses' must be"],
    ['statuses', new Map([['SOLD_OUT', 409]]), "'statuses' must be"],
    ['problemTypes', new URL('https://x.test'), "'problemTypes' must be text, not a URL"],
    ['onErorr', () => {}, "the options of createApplication cannot hold 'onErorr'"],
  ])('%s cannot be %j', (name, value, message) => {
    const given = { name: 'a', [name]: value }
    expect(() => createApplication(given)).toThrow(
      expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.stringContaining(message) }),
    )
  })

  it('an option of createApplication that nearly has a name is refused with the one that was meant', () => {
    expect(() => createApplication({ name: 'a', onErorr: () => {} } as never)).toThrow(
      expect.objectContaining({ hint: 'Did you mean onError?' }),
    )
  })

  it.each([
    { health: false },
    { health: '/internal/health' },
    { disposeTimeout: Infinity },
    { statuses: { SOLD_OUT: 409 } },
    { onError: undefined },
  ])('may be %j', (options) => {
    expect(createApplication({ name: 'a', ...(options as object) }).name).toBe('a')
  })
})

describe('a provider written by hand', () => {
  class Mail {
    readonly name = 'mail'
    readonly sent: string[] = []
    boot(): void {}
  }

  it.each([
    [{ name: 'mail', bott: () => {} }, "provider mail cannot hold 'bott'"],
    [{ name: 'mail', boot: 'now' }, "'boot' must be a function, not a string"],
    [{ name: 'mail', timeout: Number.NaN }, "'timeout' must be a number of at least 0"],
    [{ name: 7 }, "'name' must be text, not a number"],
    [Object.assign(new Mail(), { required: 'no' }), "'required' must be true or false, not a string"],
    [new Map(), 'an entry of the providers of the application must have name'],
  ])('is refused: %o', (provider, message) => {
    expect(() => createApplication({ name: 'a', providers: [provider as never] })).toThrow(
      expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.stringContaining(message) }),
    )
  })

  it.each<Provider>([{ name: 'mail', boot: () => {} }, new Mail()])('is taken: %o', (provider) => {
    expect(createApplication({ name: 'a', providers: [provider] }).name).toBe('a')
  })
})

it('a fetch that is not a function is refused with what to write instead', () => {
  expect(() => createApplication({ name: 'a', fetch: {} as never })).toThrow(
    expect.objectContaining({
      message: "'fetch' must be a function, not an object",
      hint: 'For a Hono app: fetch: app.fetch',
    }),
  )
})
