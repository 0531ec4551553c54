import { describe, expect, it } from 'vitest'
import { findUnserializable } from './rpc-serializable.ts'

class Product {
  readonly id = 'tea'
}

describe('what a value has in it that RPC does not carry', () => {
  it.each<[string, unknown]>([
    ['an object of the kind Promise', Promise.resolve()],
    ['an object of the kind WeakMap', new WeakMap()],
    ['an object of the kind Generator', (function* () {})()],
    ['an object of the kind AsyncGenerator', (async function* () {})()],
    ['an object of the kind Array Iterator', [1].values()],
    ['an object of the kind Intl.NumberFormat', new Intl.NumberFormat()],
    ['an object of the kind URL', new URL('https://x.test')],
    ['an object of the kind FormData', new FormData()],
    ['an object of the kind File', new File([], 'a')],
    ['an object without a prototype', Object.groupBy([1], () => 'a')],
    ['an instance of Product', new Product()],
    ['a symbol', Symbol('a')],
  ])('is %s', (obstacle, value) => {
    expect(findUnserializable({ list: [new Map([['key', value]])] }, { stubs: true })).toBe(obstacle)
  })

  it('is nothing of what the platform carries', () => {
    const carried = [1n, null, undefined, new Date(), /a/, new Error('a'), new Uint8Array(1), new Blob(['a'])]
    const web = [new Headers(), new Request('https://x.test'), new Response('a'), new ReadableStream()]
    expect(findUnserializable([carried, web, { f: () => {} }], { stubs: true })).toBeUndefined()
  })
})
