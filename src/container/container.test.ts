import { describe, expect, it } from 'vitest'
import { createContainer } from './container.ts'
import { graph } from './graph.ts'
import { factory } from './registration.ts'
import { named, token, type Token } from '../core/token.ts'

const A = token<{ from: string }>('A')
const B = token<{ a: { from: string } }>('B')
const coded = (code: string) => expect.objectContaining({ code })

class Clock {
  now(): number {
    return 1
  }
}
class Ids {
  static readonly inject = [Clock] as const
  readonly clock: Clock
  constructor(clock: Clock) {
    this.clock = clock
  }
}

describe('registration', () => {
  it('takes values, classes and factories under tokens and classes', () => {
    const container = createContainer()
      .value(A, { from: 'value' })
      .singleton(Clock, Clock)
      .singleton(Ids, Ids)
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .seal()
    expect(container.get(A).from).toBe('value')
    expect(container.get(Ids).clock).toBe(container.get(Clock))
    expect(container.scope().get(B)).toEqual({ a: { from: 'value' } })
  })

  it('refuses a second registration and one after seal', () => {
    const container = createContainer().value(A, { from: 'first' })
    expect(() => container.value(A, { from: 'second' })).toThrow(coded('LEX_ERR_DI_005'))
    expect(() => container.value(A, { from: 'second' })).toThrow(/cannot be registered twice$/)
    container.seal()
    expect(() => container.singleton(Clock, Clock)).toThrow(/cannot be registered after seal/)
  })

  it.each([
    ['nothing', undefined, /must be registered with a class, not undefined/],
    ['a function', () => ({ from: 'here' }), /must be registered with a class$/],
    [
      'a factory without its dependencies',
      factory((() => ({ from: 'here' })) as never, undefined as never),
      /must be registered with a class$/,
    ],
    ['an instance', { from: 'here' }, /must be registered with a class$/],
    ['null', null, /must be registered with a class$/],
  ])('refuses %s in the place of a class or a factory', (_what, source, message) => {
    const register = () => createContainer().singleton(A, source as never)
    expect(register).toThrow(coded('LEX_ERR_DI_005'))
    expect(register).toThrow(message)
  })

  it('names the place where a circular import left a token undefined', () => {
    const missing = undefined as unknown as Token<object>
    expect(() => createContainer().value(missing, {})).toThrow(/what is registered must be a token, not undefined/)
    expect(() =>
      createContainer().scoped(
        A,
        factory([missing], () => ({ from: '' })),
      ),
    ).toThrow(/a dependency of A must be a token, not undefined/)
    expect(() => createContainer().alias(A, missing as never)).toThrow(/the target of A must be a token, not undefined/)
    expect(() => createContainer().value('A' as never, 1)).toThrow(/must be a token/)
  })

  it('refuses a class that does not declare what its constructor needs', () => {
    class Undeclared {
      readonly clock: Clock
      constructor(clock: Clock) {
        this.clock = clock
      }
    }
    expect(() => createContainer().scoped(Undeclared, Undeclared as never)).toThrow(/Undeclared must say what/)
    expect(() => createContainer().add(Clock)).toThrow(coded('LEX_ERR_DI_005'))
  })

  it('refuses undefined as a value', () => {
    expect(() => createContainer().value(token<undefined>('U'), undefined)).toThrow(coded('LEX_ERR_DI_005'))
  })

  it('keeps null, 0, "" and false as values', () => {
    for (const value of [null, 0, '', false]) {
      const T = token<unknown>('T')
      expect(createContainer().value(T, value).seal().get(T)).toBe(value)
    }
  })

  it('resolves nothing before seal', () => {
    expect(() => createContainer().value(A, { from: '' }).get(A)).toThrow(coded('LEX_ERR_DI_001'))
  })

  it('does nothing when sealed twice', () => {
    const container = createContainer().singleton(Clock, Clock).seal()
    const clock = container.get(Clock)
    expect(container.seal().get(Clock)).toBe(clock)
  })

  it('knows what it has, before and after seal', () => {
    const container = createContainer().value(A, { from: '' })
    expect([container.has(A), container.has(B)]).toEqual([true, false])
    container.seal()
    expect([container.has(A), container.scope().has(A), container.has(B)]).toEqual([true, true, false])
  })
})

describe('bind', () => {
  it('replaces a singleton at boot without making the original', () => {
    let made = 0
    const container = createContainer()
      .singleton(
        A,
        factory([], () => ({ from: `factory ${++made}` })),
      )
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .seal()
    container.bind(A, { from: 'boot' })
    expect(container.scope().get(B).a.from).toBe('boot')
    expect(made).toBe(0)
  })

  it('leaves an original that was made to be disposed of', async () => {
    const log: string[] = []
    const container = createContainer()
      .singleton(
        A,
        factory([], () => ({ from: 'factory' }), { dispose: ({ from }) => void log.push(from) }),
      )
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .seal()
    expect(container.scope().get(B).a.from).toBe('factory')
    container.bind(A, { from: 'boot' })
    expect(container.scope().get(B).a.from).toBe('boot')
    await container.dispose()
    expect(log).toEqual(['factory'])
  })

  it('is seen by what an async factory makes in a scope that was given another instance', async () => {
    const Given = token<object>('Given')
    const Async = token<{ a: object }>('Async')
    const container = createContainer()
      .singleton(
        A,
        factory([], () => ({ from: 'factory' })),
      )
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .scoped(
        Given,
        factory([B], () => ({})),
      )
      .scoped(
        Async,
        factory([A], async (a) => ({ a })),
      )
      .seal()
    await container.scope().resolve(Async)
    container.bind(A, { from: 'boot' })
    const scope = container.scope().provide(Given, {})
    expect(await scope.resolve(Async)).toEqual({ a: { from: 'boot' } })
  })

  it('makes what needed an async factory available to get', () => {
    const container = createContainer()
      .singleton(
        A,
        factory([], async () => ({ from: 'async' })),
      )
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .seal()
    expect(() => container.scope().get(B)).toThrow(coded('LEX_ERR_DI_010'))
    container.bind(A, { from: 'boot' })
    expect(container.scope().get(B).a.from).toBe('boot')
  })

  it('is refused after boot, for scoped tokens or for undefined', () => {
    const container = createContainer()
      .value(A, { from: '' })
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .seal()
    expect(() => container.bind(B, { a: { from: '' } })).toThrow(coded('LEX_ERR_DI_001'))
    expect(() => container.bind(A, undefined as never)).toThrow(coded('LEX_ERR_DI_005'))
    container.finishBoot()
    expect(() => container.bind(A, { from: '' })).toThrow(/cannot be bound/)
  })
})

describe('override', () => {
  const build = (testing: boolean) =>
    createContainer({ testing })
      .scoped(
        A,
        factory([], () => ({ from: 'real' })),
      )
      .alias(named(A, 'main'), A)
      .scoped(
        B,
        factory([named(A, 'main')], (a) => ({ a })),
      )
      .seal()

  it('is for test containers only', () => {
    expect(() => build(false).override(A, { from: 'fake' })).toThrow(coded('LEX_ERR_DI_001'))
  })

  it('reaches dependants, aliases and plans that were made before', () => {
    const container = build(true)
    expect(container.scope().get(B).a.from).toBe('real')
    container.override(A, { from: 'fake' })
    const scope = container.scope()
    expect([scope.get(B).a.from, scope.get(named(A, 'main')).from, container.get(A).from]).toEqual([
      'fake',
      'fake',
      'fake',
    ])
    container.override(A, { from: 'other' })
    expect(container.scope().get(B).a.from).toBe('other')
  })

  it('wins over what the runtime provides to a scope', () => {
    const container = build(true).override(A, { from: 'fake' })
    expect(container.scope().provide(A, { from: 'request' }).get(B).a.from).toBe('fake')
  })
})

describe('graph', () => {
  it('describes nodes and edges without making anything', () => {
    const container = createContainer()
      .singleton(
        A,
        factory([], async () => ({ from: '' }), { io: 'stateless' }),
      )
      .alias(named(A, 'main'), A)
      .scoped(
        B,
        factory([A], (a) => ({ a })),
      )
      .seal()
    expect(graph(container)).toEqual({
      nodes: [
        { name: 'A', lifetime: 'singleton', io: 'stateless', async: true },
        { name: 'B', lifetime: 'scoped', io: 'none', async: false },
        { name: named(A, 'main').name, lifetime: 'singleton', io: 'stateless', async: true, alias: true },
      ],
      edges: [
        { from: 'B', to: 'A' },
        { from: named(A, 'main').name, to: 'A', alias: true },
      ],
    })
  })
})

describe('two copies of the package', () => {
  it('may share a container though their tokens have the same ids', () => {
    const mine = token<string>('mine')
    const foreign = Object.freeze({ name: 'foreign', id: mine.id }) as unknown as Token<string>
    const unregistered = Object.freeze({ name: 'other', id: mine.id }) as unknown as Token<string>
    const container = createContainer().value(mine, 'mine').value(foreign, 'foreign').seal()
    expect([container.get(mine), container.get(foreign)]).toEqual(['mine', 'foreign'])
    expect(() => container.get(unregistered)).toThrow(coded('LEX_ERR_DI_004'))
  })
})
