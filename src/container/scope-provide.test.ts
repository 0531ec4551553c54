import { describe, expect, it } from 'vitest'
import { build, Fresh, Scoped, Single } from '../../test/support/container/lifetimes.ts'
import { createContainer } from './container.ts'
import { factory } from './registration.ts'
import type { Scope } from './resolver.ts'
import { token } from '../core/token.ts'

const coded = (code: string) => expect.objectContaining({ code })

describe('provide', () => {
  it('hands in an instance for one scope, which neither makes nor disposes of one', async () => {
    const log: string[] = []
    const Request = token<{ id: number }>('Request')
    const User = token<number>('User')
    const container = createContainer()
      .scoped(
        Request,
        factory([], () => (log.push('made'), { id: 0 }), { dispose: () => void log.push('disposed') }),
      )
      .scoped(
        User,
        factory([Request], ({ id }) => id),
      )
      .seal()
    const scope = container.scope().provide(Request, { id: 7 })
    expect(scope.get(User)).toBe(7)
    await scope.dispose()
    expect(log).toEqual([])
    expect(container.scope().get(User)).toBe(0)
  })

  it('does not make what only the provided instance would have needed, sync or async', async () => {
    const log: string[] = []
    const Deep = token<string>('Deep')
    const Slow = token<string>('Slow')
    const Middle = token<string>('Middle')
    const Top = token<string>('Top')
    const container = createContainer()
      .scoped(
        Deep,
        factory([], () => (log.push('deep'), 'deep')),
      )
      .scoped(
        Slow,
        factory([], async () => (log.push('slow'), 'slow')),
      )
      .scoped(
        Middle,
        factory([Deep, Slow], (a, b) => a + b),
      )
      .scoped(
        Top,
        factory([Middle], (middle) => `top of ${middle}`),
      )
      .seal()
    expect(await container.scope().resolve(Top)).toBe('top of deepslow')
    log.length = 0
    expect(container.scope().provide(Middle, 'given').get(Top)).toBe('top of given')
    expect(await container.scope().provide(Middle, 'given').resolve(Top)).toBe('top of given')
    expect(log).toEqual([])
  })

  it('is handed on to the scopes beneath, which may replace it', () => {
    const container = build()
    const outer = { single: {} }
    const inner = { single: {} }
    const scope = container.scope().provide(Scoped, outer)
    expect(scope.scope().get(Scoped)).toBe(outer)
    expect(scope.scope().scope().get(Scoped)).toBe(outer)
    const replaced = scope.scope().provide(Scoped, inner)
    expect(replaced.get(Scoped)).toBe(inner)
    expect(replaced.scope().get(Scoped)).toBe(inner)
    expect(scope.get(Scoped)).toBe(outer)
    expect(container.scope().get(Scoped)).not.toBe(outer)
  })

  it('is refused for undefined', () => {
    expect(() =>
      build()
        .scope()
        .provide(Scoped, undefined as never),
    ).toThrow(coded('LEX_ERR_DI_005'))
  })

  it.each<[string, (scope: Scope) => unknown, string]>([
    ['of a singleton', (scope) => scope.provide(Single, {}), 'it is a singleton'],
    ['of a transient', (scope) => scope.provide(Fresh, {} as never), 'it is a transient'],
    [
      'after it was used',
      (scope) => {
        scope.get(Scoped)
        scope.provide(Scoped, { single: {} })
      },
      'this scope has an instance of it already',
    ],
    [
      'after another one was provided',
      (scope) => scope.provide(Scoped, { single: {} }).provide(Scoped, { single: {} }),
      'this scope has an instance of it already',
    ],
  ])('%s is refused with its reason', (_when, provide, reason) => {
    const scope = build().scope()
    expect(() => provide(scope)).toThrow(coded('LEX_ERR_DI_001'))
    expect(() => provide(scope)).toThrow(`cannot be provided: ${reason}`)
  })

  it('is refused with its reason once the scope has ended', async () => {
    const scope = build().scope()
    await scope.dispose()
    expect(() => scope.provide(Scoped, { single: {} })).toThrow(coded('LEX_ERR_DI_011'))
  })
})

describe('an ended scope', () => {
  it('resolves nothing any more, not even what it has', async () => {
    const scope = build().scope()
    scope.get(Scoped)
    await scope.dispose()
    for (const t of [Scoped, Single, Fresh]) {
      expect(() => scope.get<unknown>(t)).toThrow(coded('LEX_ERR_DI_011'))
      await expect(scope.resolve<unknown>(t)).rejects.toThrow(coded('LEX_ERR_DI_011'))
    }
    expect(() => scope.scope()).toThrow(coded('LEX_ERR_DI_011'))
    expect(() => scope.get(Scoped)).toThrow(`the scope cannot provide ${Scoped.name}: it has ended`)
  })
})
