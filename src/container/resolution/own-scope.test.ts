import { describe, expect, it } from 'vitest'
import { createContainer } from '../container.ts'
import { factory } from '../registration.ts'
import { token } from '../../core/token.ts'

class Store {
  readonly log: string[]
  constructor(log: string[]) {
    this.log = log
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.log.push('store closed')
  }
}
const Store_ = token<Store>('Store')
const Link = token<string>('Link')

function build(log: string[]) {
  return createContainer()
    .scoped(
      Link,
      factory([], () => 'link', { dispose: () => void log.push('link closed') }),
    )
    .scoped(
      Store_,
      factory([Link], async () => new Store(log), { root: 'own-scope' }),
    )
    .seal()
}

describe('a registration with root: "own-scope"', () => {
  it('resolved from the application opens a scope that ends with the instance', async () => {
    const log: string[] = []
    const container = build(log)
    {
      await using store = await container.resolve(Store_)
      expect(store.log).toBe(log)
      expect(log).toEqual([])
    }
    expect(log).toEqual(['store closed', 'link closed'])
  })

  it('makes an instance and a scope for each caller', async () => {
    const log: string[] = []
    const container = build(log)
    const [one, two] = await Promise.all([container.resolve(Store_), container.resolve(Store_)])
    expect(one).not.toBe(two)
    await one[Symbol.asyncDispose]()
    await one[Symbol.asyncDispose]()
    expect(log).toEqual(['store closed', 'link closed'])
    await two[Symbol.asyncDispose]()
    expect(log).toHaveLength(4)
  })

  it('rejects with why it cannot be made, although a disposer fails as well', async () => {
    const errors: unknown[] = []
    const container = createContainer({ onError: (error) => errors.push(error) })
      .scoped(
        Link,
        factory([], () => 'link', { dispose: () => Promise.reject(new Error('close')) }),
      )
      .scoped(
        Store_,
        factory([Link], (): Promise<Store> => Promise.reject(new Error('open')), { root: 'own-scope' }),
      )
      .seal()
    await expect(container.resolve(Store_)).rejects.toThrow('open')
    expect(errors).toMatchObject([{ errors: [{ message: 'close' }] }])
  })

  it('is an ordinary scoped one inside a scope', async () => {
    const log: string[] = []
    const scope = build(log).scope()
    expect(await scope.resolve(Store_)).toBe(await scope.resolve(Store_))
    await scope.dispose()
    expect(log).toEqual(['store closed', 'link closed'])
  })

  it('calls a registered disposer, for instances without their own', async () => {
    const log: string[] = []
    const Plain = token<object>('Plain')
    const container = createContainer()
      .scoped(
        Plain,
        factory([], () => ({}), { root: 'own-scope', dispose: () => void log.push('closed') }),
      )
      .seal()
    const plain = (await container.resolve(Plain)) as AsyncDisposable
    await plain[Symbol.asyncDispose]()
    expect(log).toEqual(['closed'])
  })

  it('releases the scope when the factory fails or the instance cannot own it', async () => {
    const log: string[] = []
    const held = factory([], () => 'link', { dispose: () => void log.push('link closed') })
    const Broken = token<object>('Broken')
    const Frozen = token<object>('Frozen')
    const container = createContainer()
      .scoped(Link, held)
      .scoped(
        Broken,
        factory(
          [Link],
          (): object => {
            throw new Error('refused')
          },
          { root: 'own-scope' },
        ),
      )
      .scoped(
        Frozen,
        factory([Link], () => Object.freeze({}), { root: 'own-scope' }),
      )
      .seal()
    await expect(container.resolve(Broken)).rejects.toThrow('refused')
    await expect(container.resolve(Frozen)).rejects.toThrow(/cannot own a scope/)
    expect(log).toEqual(['link closed', 'link closed'])
  })

  it('cannot be had from the application by get', () => {
    expect(() => build([]).get(Store_)).toThrow(expect.objectContaining({ code: 'LEX_ERR_DI_009' }))
  })
})
