import { describe, expectTypeOf, it } from 'vitest'
import { createContainer } from './container.ts'
import { scoped as scopedDecorator } from './decorators.ts'
import { factory } from './registration.ts'
import { named, token, type Token, type TypedToken } from '../core/token.ts'

interface Clock {
  now(): number
}
const Clock: Token<Clock> = token<Clock>('Clock')
const Url = token<string>('Url')
const Port = token<number>('Port')
const container = createContainer()

class Session {
  static readonly inject = [Clock, Url] as const
  readonly url: string
  constructor(_clock: Clock, url: string) {
    this.url = url
  }
}
class Bare {
  readonly bare = true
}
class Repository {
  static readonly inject = [Session] as const
  readonly session: Session
  constructor(session: Session) {
    this.session = session
  }
}

describe('tokens', () => {
  it('carry the type of what they stand for', async () => {
    expectTypeOf(token<Clock>('Clock')).toEqualTypeOf<TypedToken<Clock>>()
    expectTypeOf(container.get(Clock)).toEqualTypeOf<Clock>()
    expectTypeOf(container.get(Session)).toEqualTypeOf<Session>()
    expectTypeOf(await container.resolve(Url)).toEqualTypeOf<string>()
    expectTypeOf(await container.resolveOptional(Url)).toEqualTypeOf<string | undefined>()
    expectTypeOf(await container.resolveAll(Url)).toEqualTypeOf<string[]>()
  })

  it('keep it when named, classes too', () => {
    expectTypeOf(named(Clock, 'wall')).toEqualTypeOf<TypedToken<Clock>>()
    expectTypeOf(container.get(named(Session, 'main'))).toEqualTypeOf<Session>()
  })
})

describe('values and aliases', () => {
  it('have to fit their token', () => {
    container.value(Url, 'http://localhost')
    // @ts-expect-error a number is no string
    container.value(Url, 1)
    container.alias(named(Url, 'main'), Url)
    // @ts-expect-error the target stands for a number
    container.alias(Url, Port)
  })
})

describe('classes', () => {
  it('are registered when inject matches the constructor', () => {
    container.scoped(Session, Session)
    container.singleton(Bare, Bare)
    container.transient(Repository, Repository, {
      dispose: (repository) => void expectTypeOf(repository).toEqualTypeOf<Repository>(),
    })
  })

  it('are refused when it does not', () => {
    class Missing {
      readonly url: string
      constructor(url: string) {
        this.url = url
      }
    }
    // @ts-expect-error it does not say what to inject
    container.scoped(Missing, Missing)

    class Wrong {
      static readonly inject = [Port] as const
      readonly url: string
      constructor(url: string) {
        this.url = url
      }
    }
    // @ts-expect-error Port stands for a number, the constructor takes a string
    container.scoped(Wrong, Wrong)

    class Short {
      static readonly inject = [Url] as const
      readonly all: readonly unknown[]
      constructor(url: string, port: number) {
        this.all = [url, port]
      }
    }
    // @ts-expect-error the second parameter is not injected
    container.scoped(Short, Short)
  })

  it('have to be what the token stands for', () => {
    // @ts-expect-error Bare is no Clock
    container.scoped(Clock, Bare)
    class Wall implements Clock {
      now(): number {
        return 0
      }
    }
    container.scoped(Clock, Wall)
  })

  it('own a scope only where they are scoped', () => {
    container.scoped(Bare, Bare, { root: 'own-scope' })
    // @ts-expect-error a singleton has no scope of its own
    container.singleton(Bare, Bare, { root: 'own-scope' })
  })
})

describe('factories', () => {
  it('get the instances that their tokens stand for', () => {
    factory([Clock, Url, Session], (clock, url, session) => {
      expectTypeOf(clock).toEqualTypeOf<Clock>()
      expectTypeOf(url).toEqualTypeOf<string>()
      expectTypeOf(session).toEqualTypeOf<Session>()
      return url
    })
    // @ts-expect-error Url stands for a string
    factory([Url], (url: number) => url)
  })

  it('make what they return, promises awaited', () => {
    container.scoped(
      Url,
      factory([], () => 'url'),
    )
    container.scoped(
      Url,
      factory([], async () => 'url', { dispose: (url) => void expectTypeOf(url).toEqualTypeOf<string>() }),
    )
    const counted = factory([], () => 1)
    // @ts-expect-error makes a number
    container.scoped(Url, counted)
    const countedLater = factory([], async () => 1)
    // @ts-expect-error makes a number, later
    container.scoped(Url, countedLater)
  })
})

describe('call', () => {
  it('checks the parameters against the tokens and awaits the result', async () => {
    expectTypeOf(await container.call(async (url, port) => `${url}:${port + 1}`, [Url, Port])).toEqualTypeOf<string>()
    // @ts-expect-error Port stands for a number
    await container.call((port: string) => port, [Port])
  })
})

describe('provide, bind and override', () => {
  it('take what the token stands for', () => {
    container.scope().provide(Url, 'url')
    // @ts-expect-error a number is no string
    container.scope().provide(Url, 1)
    // @ts-expect-error a number is no string
    container.bind(Url, 1)
    // @ts-expect-error a number is no string
    container.override(Url, 1)
  })
})

describe('decorators', () => {
  it('accept classes whose constructor takes what the tokens stand for', () => {
    const decorate = scopedDecorator(Clock, Url)
    expectTypeOf(decorate).parameter(0).toEqualTypeOf<new (...args: readonly [Clock, string]) => unknown>()
  })
})
