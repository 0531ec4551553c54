import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createContainer, type Container } from '../container.ts'
import { closeToDisposables, needsDisposal } from '../scope.ts'
import { factory } from '../registration.ts'
import { token } from '../../core/token.ts'

const coded = (code: string) => expect.objectContaining({ code })
const A = token<string>('A')
const B = token<string>('B')
const C = token<string>('C')

function threeHeld(
  log: string[],
  dispose: (name: string) => void | Promise<void> = (name) => void log.push(name),
): Container {
  return createContainer()
    .scoped(
      A,
      factory([], () => 'a', { dispose }),
    )
    .scoped(
      B,
      factory([A], () => 'b', { dispose }),
    )
    .scoped(
      C,
      factory([B], () => 'c', { dispose }),
    )
    .seal()
}

describe('dispose', () => {
  it('releases what was made, in reverse order of creation, once', async () => {
    const log: string[] = []
    const scope = threeHeld(log).scope()
    scope.get(B)
    scope.get(C)
    expect(scope.dispose()).toBeUndefined()
    await scope.dispose()
    await scope[Symbol.asyncDispose]()
    expect(log).toEqual(['c', 'b', 'a'])
  })

  it('waits for each async disposer before the next begins', async () => {
    const log: string[] = []
    const container = threeHeld(log, async (name) => {
      log.push(`${name} begins`)
      await Promise.resolve()
      log.push(`${name} ends`)
    })
    const scope = container.scope()
    scope.get(C)
    await scope.dispose()
    expect(log).toEqual(['c begins', 'c ends', 'b begins', 'b ends', 'a begins', 'a ends'])
  })

  it('goes on after what throws or rejects, which it collects', async () => {
    const log: string[] = []
    const container = threeHeld(log, (name) => {
      log.push(name)
      if (name === 'c') throw new Error('c threw')
      if (name === 'b') return Promise.reject(new Error('b rejected'))
    })
    const scope = container.scope()
    scope.get(C)
    const error = await Promise.resolve(scope.dispose()).catch((e: unknown) => e)
    expect(log).toEqual(['c', 'b', 'a'])
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors.map((e: Error) => e.message)).toEqual(['c threw', 'b rejected'])
  })

  it('throws synchronously where everything was synchronous', () => {
    const scope = threeHeld([], () => {
      throw new Error('no')
    }).scope()
    scope.get(B)
    expect(() => scope.dispose()).toThrow(AggregateError)
  })

  it('uses the disposer of classes and of what factories return, asyncDispose before dispose', async () => {
    const log: string[] = []
    class Held {
      [Symbol.dispose](): void {
        log.push('class')
      }
    }
    class Both {
      [Symbol.dispose](): void {
        log.push('wrong')
      }
      async [Symbol.asyncDispose](): Promise<void> {
        log.push('both')
      }
    }
    class Field {
      readonly [Symbol.dispose] = () => void log.push('field')
    }
    const Plain = token<object>('Plain')
    const Callable = token<() => void>('Callable')
    const container = createContainer()
      .scoped(Held, Held)
      .scoped(Both, Both)
      .scoped(Field, Field)
      .scoped(
        Plain,
        factory([], () => ({ [Symbol.dispose]: () => void log.push('plain') })),
      )
      .scoped(
        Callable,
        factory([], () => Object.assign(() => {}, { [Symbol.dispose]: () => void log.push('function') })),
      )
      .seal()
    for (let round = 0; round < 2; round++) {
      const scope = container.scope()
      for (const t of [Held, Both, Field, Plain, Callable]) scope.get<unknown>(t)
      await scope.dispose()
    }
    const once = ['function', 'plain', 'field', 'both', 'class']
    expect(log).toEqual([...once, ...once])
  })

  it('notices a factory that only sometimes returns something to release', async () => {
    const log: string[] = []
    class Quiet {
      readonly quiet = true
    }
    class Loud extends Quiet {
      [Symbol.dispose](): void {
        log.push('loud')
      }
    }
    const kinds: (() => object)[] = [
      () => new Quiet(),
      () => new Loud(),
      () => ({}),
      () => ({ [Symbol.dispose]: () => void log.push('plain') }),
    ]
    const Next = token<object>('Next')
    const container = createContainer()
      .scoped(
        Next,
        factory([], () => kinds.shift()!()),
      )
      .seal()
    while (kinds.length > 0) {
      const scope = container.scope()
      scope.get(Next)
      await scope.dispose()
    }
    expect(log).toEqual(['loud', 'plain'])
  })

  it('prefers the registered disposer over the own one', async () => {
    const log: string[] = []
    class Held {
      [Symbol.dispose](): void {
        log.push('own')
      }
    }
    const container = createContainer()
      .singleton(Held, Held, { dispose: () => void log.push('registered') })
      .seal()
    container.get(Held)
    await container.dispose()
    expect(log).toEqual(['registered'])
  })

  it('leaves values alone', async () => {
    const log: string[] = []
    const Value = token<Disposable>('Value')
    const container = createContainer()
      .value(Value, { [Symbol.dispose]: () => void log.push('own') })
      .seal()
    container.get(Value)
    await container.dispose()
    expect(log).toEqual([])
  })

  it('the end of a container releases its singletons, not those of others', async () => {
    const log: string[] = []
    const container = createContainer()
      .singleton(
        A,
        factory([], () => 'a', { dispose: (a) => void log.push(a) }),
      )
      .singleton(
        B,
        factory([A], async () => 'b', { dispose: (b) => void log.push(b) }),
      )
      .seal()
    const scope = container.scope()
    await scope.resolve(B)
    await scope.dispose()
    expect(log).toEqual([])
    await container[Symbol.asyncDispose]()
    expect(log).toEqual(['b', 'a'])
    expect(() => container.get(A)).toThrow(coded('LEX_ERR_DI_011'))
  })

  it('does nothing before seal', async () => {
    await expect(Promise.resolve(createContainer().dispose())).resolves.toBeUndefined()
  })

  it('releases a transient with the scope that made it', async () => {
    const log: string[] = []
    const scope = createContainer()
      .transient(
        A,
        factory([], () => 'a', { dispose: (a) => void log.push(a) }),
      )
      .seal()
      .scope()
    scope.get(A)
    await scope.resolve(A)
    await scope.dispose()
    expect(log).toEqual(['a', 'a'])
  })
})

describe('the time limit', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('may be longer than a timer can be', async () => {
    const container = createContainer({ disposeTimeout: Infinity }).scoped(
      A,
      factory([], () => 'a', { dispose: () => new Promise((resolve) => setTimeout(resolve, 50)) }),
    )
    const scope = container.seal().scope()
    scope.get(A)
    const ended = scope.dispose()
    await vi.advanceTimersByTimeAsync(50)
    await expect(ended).resolves.toBeUndefined()
  })

  it('bounds each disposer to let the others have their turn', async () => {
    const log: string[] = []
    const container = createContainer({ disposeTimeout: 100 })
      .scoped(
        A,
        factory([], () => 'a', { dispose: (a) => void log.push(a) }),
      )
      .scoped(
        B,
        factory([A], () => 'b', { dispose: () => new Promise<void>(() => {}) }),
      )
      .seal()
    const scope = container.scope()
    scope.get(B)
    const ended = Promise.resolve(scope.dispose()).catch((e: unknown) => e)
    await vi.advanceTimersByTimeAsync(99)
    expect(log).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(log).toEqual(['a'])
    const { errors } = (await ended) as AggregateError
    expect(errors).toEqual([expect.objectContaining({ message: 'the disposer of B did not end within 100 ms' })])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer armed once a disposer has ended', async () => {
    const scope = threeHeld([], async () => {}).scope()
    scope.get(C)
    await scope.dispose()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('releases what arrives after the bounded wait for an unfinished creation', async () => {
    const log: string[] = []
    let open: (a: string) => void = () => {}
    const container = createContainer({ disposeTimeout: 100, onError: (e) => log.push(String(e)) })
      .scoped(
        A,
        factory([], async () => new Promise<string>((resolve) => (open = resolve)), {
          dispose: (a) => void log.push(a),
        }),
      )
      .seal()
    const scope = container.scope()
    const resolved = scope.resolve(A).catch((e: unknown) => e)
    const ended = Promise.resolve(scope.dispose()).catch((e: unknown) => e)
    await vi.advanceTimersByTimeAsync(100)
    expect(((await ended) as AggregateError).errors).toHaveLength(1)
    open('late')
    expect(await resolved).toEqual(coded('LEX_ERR_DI_011'))
    expect(log).toEqual(['late'])
  })
})

describe('a scope that ends while something is being made', () => {
  it('waits for it in order to release it', async () => {
    const log: string[] = []
    let open: (a: string) => void = () => {}
    const container = createContainer()
      .scoped(
        A,
        factory([], async () => new Promise<string>((resolve) => (open = resolve)), {
          dispose: (a) => void log.push(a),
        }),
      )
      .scoped(
        B,
        factory([A], () => (log.push('b made'), 'b')),
      )
      .seal()
    const scope = container.scope()
    const both = Promise.allSettled([scope.resolve(A), scope.resolve(B)])
    expect(needsDisposal(scope)).toBe(true)
    const ended = scope.dispose()
    open('a')
    await ended
    expect(log).toEqual(['a'])
    expect((await both).map((o) => o.status === 'rejected' && (o.reason as { code: string }).code)).toEqual([
      'LEX_ERR_DI_011',
      'LEX_ERR_DI_011',
    ])
  })

  it('ends quietly when that fails: the error is for who asked', async () => {
    let fail: (error: Error) => void = () => {}
    const scope = createContainer()
      .scoped(
        A,
        factory([], async () => new Promise<string>((_, reject) => (fail = reject))),
      )
      .seal()
      .scope()
    const resolved = scope.resolve(A).catch((e: unknown) => e)
    const ended = scope.dispose()
    fail(new Error('refused'))
    await expect(ended).resolves.toBeUndefined()
    expect(await resolved).toEqual(expect.objectContaining({ message: 'refused' }))
  })
})

describe('a scope closed to disposables', () => {
  const build = (log: string[], onError: (error: unknown) => void = () => {}) =>
    createContainer({ onError })
      .scoped(
        A,
        factory([], () => 'a'),
      )
      .scoped(
        B,
        factory([], () => 'b', { dispose: (b) => void log.push(b) }),
      )
      .seal()
      .scope()

  it('goes on making what needs no release', () => {
    const scope = build([])
    closeToDisposables(scope)
    expect([scope.get(A), needsDisposal(scope)]).toEqual(['a', false])
  })

  it('releases at once what would have to be released', () => {
    const log: string[] = []
    const scope = build(log)
    closeToDisposables(scope)
    expect(() => scope.get(B)).toThrow(coded('LEX_ERR_DI_011'))
    expect(log).toEqual(['b'])
  })
})
