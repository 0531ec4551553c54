import { describe, expect, it } from 'vitest'
import { build, Fresh, Scoped, Single } from '../../test/support/container/lifetimes.ts'
import { createContainer } from './container.ts'
import { factory } from './registration.ts'
import { needsDisposal } from './scope.ts'
import { named, token } from '../core/token.ts'

const coded = (code: string) => expect.objectContaining({ code })

describe('lifetimes', () => {
  it('are one per application, one per scope, one per resolve', async () => {
    const container = build()
    const one = container.scope()
    const two = container.scope()
    expect(one.get(Single)).toBe(container.get(Single))
    expect(one.get(Scoped)).toBe(await one.resolve(Scoped))
    expect(one.get(Scoped)).not.toBe(two.get(Scoped))
    expect(one.get(Scoped).single).toBe(two.get(Scoped).single)
    expect(one.get(Fresh)).not.toBe(one.get(Fresh))
    expect(one.get(Fresh).scoped).toBe(one.get(Scoped))
  })

  it('give every dependant its own transient', () => {
    const Each = token<object>('Each')
    const Two = token<[object, object]>('Two')
    const container = createContainer()
      .transient(
        Each,
        factory([], () => ({})),
      )
      .scoped(
        Two,
        factory([Each, Each], (a, b) => [a, b] as [object, object]),
      )
      .seal()
    const [a, b] = container.scope().get(Two)
    expect(a).not.toBe(b)
  })

  it('make nothing that is not asked for', () => {
    const log: string[] = []
    const Left = token<string>('Left')
    const Right = token<string>('Right')
    const container = createContainer()
      .scoped(
        Left,
        factory([], () => (log.push('left'), 'left')),
      )
      .scoped(
        Right,
        factory([], () => (log.push('right'), 'right')),
      )
      .seal()
    container.scope().get(Right)
    expect(log).toEqual(['right'])
  })

  it('hold for any number of dependencies and of tokens in use', () => {
    const numbers = Array.from({ length: 30 }, (_, i) => token<number>(`n${i}`))
    const Sum = token<number>('Sum')
    const container = createContainer()
    numbers.forEach((t, i) =>
      container.scoped(
        t,
        factory(numbers.slice(0, i), (...all: number[]) => all.length),
      ),
    )
    container
      .scoped(
        Sum,
        factory(numbers, (...all: number[]) => all.reduce((a, b) => a + b, 0)),
      )
      .seal()
    const early = container.scope()
    expect([early.get(Sum), container.scope().get(Sum), early.get(numbers[29]!)]).toEqual([435, 435, 29])
  })

  it('keep null as an instance', () => {
    let calls = 0
    const Maybe = token<object | null>('Maybe')
    const scope = createContainer()
      .scoped(
        Maybe,
        factory([], () => (calls++, null)),
      )
      .seal()
      .scope()
    expect([scope.get(Maybe), scope.get(Maybe), calls]).toEqual([null, null, 1])
  })
})

describe('a nested scope', () => {
  const Inner = token<object>('Inner')
  const Outer = token<object>('Outer')

  it('has its own scoped instances and the singletons of the application', () => {
    const outer = build().scope()
    const inner = outer.scope()
    expect(inner.get(Scoped)).not.toBe(outer.get(Scoped))
    expect(inner.get(Single)).toBe(outer.get(Single))
  })

  it('ends with the scope around it, before that releases its own', async () => {
    const log: string[] = []
    const Held = token<{ n: number }>('Held')
    let n = 0
    const container = createContainer()
      .scoped(
        Held,
        factory([], () => ({ n: ++n }), { dispose: (held) => void log.push(`held ${held.n}`) }),
      )
      .seal()
    const outer = container.scope()
    outer.get(Held)
    const inner = outer.scope()
    inner.get(Held)
    expect(needsDisposal(outer)).toBe(true)
    await outer.dispose()
    expect(log).toEqual(['held 2', 'held 1'])
    expect(() => inner.get(Held)).toThrow(coded('LEX_ERR_DI_011'))
  })

  it('a nested scope that is being ended delays the end of the scope around it', async () => {
    const log: string[] = []
    const { promise: release, resolve: open } = Promise.withResolvers<void>()
    const outer = createContainer()
      .scoped(
        Inner,
        factory([], () => ({}), { dispose: () => release.then(() => void log.push('inner')) }),
      )
      .scoped(
        Outer,
        factory([], () => ({}), { dispose: () => void log.push('outer') }),
      )
      .seal()
      .scope()
    outer.get(Outer)
    const inner = outer.scope()
    inner.get(Inner)
    const innerEnd = inner.dispose()
    const outerEnd = outer.dispose()
    await new Promise((resolve) => setTimeout(resolve))
    expect(log).toEqual([])
    open()
    await Promise.all([innerEnd, outerEnd])
    expect(log).toEqual(['inner', 'outer'])
  })

  it('tells only who ended it of its failure', async () => {
    const outer = createContainer()
      .scoped(
        Inner,
        factory([], () => ({}), { dispose: () => Promise.reject(new Error('lost')) }),
      )
      .seal()
      .scope()
    const inner = outer.scope()
    inner.get(Inner)
    const innerEnd = inner.dispose()
    const outerEnd = outer.dispose()
    await expect(innerEnd).rejects.toBeInstanceOf(AggregateError)
    await outerEnd
  })

  it('is forgotten by the scope around it once it ended', () => {
    const outer = build().scope()
    void outer.scope().dispose()
    expect(needsDisposal(outer)).toBe(false)
  })
})

describe('the application container', () => {
  it('refuses scoped tokens, also behind transients', async () => {
    const container = build()
    for (const t of [Scoped, Fresh]) {
      expect(() => container.get<unknown>(t)).toThrow(coded('LEX_ERR_DI_009'))
      await expect(container.resolve<unknown>(t)).rejects.toThrow(coded('LEX_ERR_DI_009'))
    }
    expect(() => container.get(Single)).not.toThrow()
  })
})

describe('a failing factory', () => {
  it('is tried again after it failed', async () => {
    let calls = 0
    const Flaky = token<number>('Flaky')
    const User = token<number>('User')
    const scope = createContainer()
      .scoped(
        Flaky,
        factory([], () => {
          if (++calls < 3) throw new Error(`try ${calls}`)
          return calls
        }),
      )
      .scoped(
        User,
        factory([Flaky], (n) => n * 10),
      )
      .seal()
      .scope()
    expect(() => scope.get(User)).toThrow('try 1')
    await expect(scope.resolve(User)).rejects.toThrow('try 2')
    expect(scope.get(User)).toBe(30)
  })

  it('may not return undefined, sync or async', async () => {
    const Nothing = token<object>('Nothing')
    const Later = token<object>('Later')
    const scope = createContainer()
      .scoped(
        Nothing,
        factory([], () => undefined as never),
      )
      .scoped(
        Later,
        factory([], async () => undefined as never),
      )
      .seal()
      .scope()
    expect(() => scope.get(Nothing)).toThrow(/Nothing cannot return undefined/)
    await expect(scope.resolve(Later)).rejects.toThrow(/Later cannot return undefined/)
  })
})

describe('resolveOptional, resolveAll, has, call', () => {
  it('give undefined for what is not registered', async () => {
    const scope = build().scope()
    expect(await scope.resolveOptional(token('Unknown'))).toBeUndefined()
    expect(await scope.resolveOptional(Single)).toBe(scope.get(Single))
  })

  it.each([undefined, null, 'Clock', []])('refuse %j, which is not a token', async (given) => {
    const scope = createContainer().seal().scope()
    const notToken = given as never
    const refusal = expect.objectContaining({ code: 'LEX_ERR_DI_005' })
    await expect(scope.resolveOptional(notToken)).rejects.toEqual(refusal)
    await expect(scope.resolveAll(notToken)).rejects.toEqual(refusal)
    await expect(scope.resolve(notToken)).rejects.toEqual(refusal)
    expect(() => scope.get(notToken)).toThrow(refusal)
    expect(() => scope.has(notToken)).toThrow(refusal)
  })

  it('differ from the others, which refuse what is not registered', async () => {
    const scope = build().scope()
    await expect(scope.resolve(token('Unknown'))).rejects.toThrow(coded('LEX_ERR_DI_004'))
  })

  it('collect the plain token, named variants and aliases, each registration once, in order', async () => {
    const Store = token<string>('Store')
    const container = createContainer()
      .value(named(Store, 'b'), 'b')
      .singleton(
        named(Store, 'a'),
        factory([], async () => 'a'),
      )
      .alias(Store, named(Store, 'b'))
      .alias(named(Store, 'c'), named(Store, 'a'))
      .seal()
    named(Store, 'elsewhere')
    expect(await container.resolveAll(Store)).toEqual(['b', 'a'])
    expect(await container.resolveAll(token('None'))).toEqual([])
  })

  it('call a function with what its dependencies stand for', async () => {
    const Later = token<number>('Later')
    const container = createContainer()
      .value(Single, {})
      .scoped(
        Later,
        factory([], async () => 2),
      )
      .seal()
    expect(await container.scope().call(async (n, single) => [n + 1, single], [Later, Single])).toEqual([
      3,
      container.get(Single),
    ])
    await expect(
      container.call(() => {
        throw new Error('mine')
      }, []),
    ).rejects.toThrow('mine')
  })
})
