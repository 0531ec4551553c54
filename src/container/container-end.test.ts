import { describe, expect, it } from 'vitest'
import { createContainer, type Container } from './container.ts'
import { factory } from './registration.ts'
import { token } from '../core/token.ts'

interface Pool {
  readonly open: () => boolean
}
const Pool = token<Pool>('Pool')
const AsyncPool = token<Pool>('AsyncPool')
const Setting = token<string>('Setting')
const Session = token<{ pool: Pool }>('Session')
const AsyncSession = token<{ pool: Pool }>('AsyncSession')
const Handler = token<{ pool: Pool }>('Handler')

function build(): Container {
  const pool = () => {
    let open = true
    return { open: () => open, [Symbol.dispose]: () => void (open = false) }
  }
  return createContainer()
    .value(Setting, 'kept')
    .singleton(Pool, factory([], pool))
    .singleton(
      AsyncPool,
      factory([], async () => pool()),
    )
    .scoped(
      Session,
      factory([Pool], (pool) => ({ pool })),
    )
    .scoped(
      AsyncSession,
      factory([AsyncPool], (pool) => ({ pool })),
    )
    .transient(
      Handler,
      factory([Pool], (pool) => ({ pool })),
    )
    .seal()
}

const ended = (what = '') =>
  expect.objectContaining({
    code: 'LEX_ERR_DI_011',
    message: expect.stringMatching(`the container cannot ${what}.*: it has ended`),
  })

describe('a live scope after the end of its container', () => {
  it('refuses singletons that were released, used before or not', async () => {
    const container = build()
    const scope = container.scope()
    expect(scope.get(Pool).open()).toBe(true)
    await container.dispose()
    for (const released of [Pool, AsyncPool]) {
      expect(() => scope.get(released)).toThrow(ended())
      await expect(scope.resolve(released)).rejects.toEqual(ended())
    }
  })

  it('makes none of them, although it has made them before', async () => {
    const container = build()
    for (const warm of [container.scope(), container.scope()]) {
      expect(warm.get(Session).pool.open()).toBe(true)
      expect((await warm.resolve(AsyncSession)).pool.open()).toBe(true)
      expect(warm.get(Handler).pool.open()).toBe(true)
    }
    const scope = container.scope()
    await container.dispose()
    for (const made of [Session, AsyncSession, Handler]) {
      expect(() => scope.get(made)).toThrow(ended())
      await expect(scope.resolve(made)).rejects.toEqual(ended())
    }
  })

  it('opens no scope beneath', async () => {
    const container = build()
    const scope = container.scope()
    await container.dispose()
    expect(() => scope.scope()).toThrow(ended())
  })

  it('hands out what it has itself until it ends', async () => {
    const container = build()
    const scope = container.scope()
    const session = scope.get(Session)
    await container.dispose()
    expect(scope.get(Session)).toBe(session)
  })

  it('refuses a singleton that was still in the making', async () => {
    const { promise, resolve: open } = Promise.withResolvers<void>()
    const released: string[] = []
    const container = createContainer()
      .singleton(
        AsyncPool,
        factory([], () => promise.then(() => ({ open: () => true })), { dispose: () => void released.push('pool') }),
      )
      .seal()
    const scope = container.scope()
    const waiting = scope.resolve(AsyncPool)
    const end = container.dispose()
    open()
    await expect(waiting).rejects.toEqual(ended())
    await end
    expect(released).toEqual(['pool'])
    expect(() => scope.get(AsyncPool)).toThrow(ended())
  })
})

describe('an ended container', () => {
  it('names what was asked of it', async () => {
    const container = build()
    await container.dispose()
    expect(() => container.get(Pool)).toThrow(ended('provide Pool'))
    await expect(container.resolve(Setting)).rejects.toEqual(ended('provide Setting'))
    expect(() => container.scope()).toThrow(ended())
  })
})
