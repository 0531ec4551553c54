import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/core/errors.ts'
import { defineMethods, type RpcCall, type RpcMethods } from './rpc-methods.ts'

/** A class with the methods, whose instances say what was called. */
function classWith(methods: RpcMethods, taken: readonly string[] = []): new () => Record<string, unknown> {
  const Host = class {
    readonly id = 1
  }
  defineMethods({ prototype: Host.prototype, taken }, methods, (_self, call: RpcCall) => call)
  return Host as unknown as new () => Record<string, unknown>
}

describe('methods of RPC', () => {
  it('are on the prototype, with whatever arguments they are called', () => {
    const Host = classWith({ find: () => 'tea', 'with space': () => 1, call: () => 2 })
    expect(Object.getOwnPropertyNames(Host.prototype)).toEqual(['constructor', 'find', 'with space', 'call'])
    const args = Array.from({ length: 500 }, (_, i) => i)
    expect((new Host()['find'] as (...given: number[]) => unknown)(...args)).toEqual({ method: 'find', args })
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf', 'then', 'fetch'])(
    'cannot be called %s, which no caller could reach',
    (name) => {
      expect(() => classWith({ [name]: () => 1 })).toThrow(UsageError)
    },
  )

  it('cannot have a symbol for a name', () => {
    expect(() => classWith({ [Symbol('find')]: () => 1 })).toThrow('Symbol(find) cannot be a method of RPC')
  })

  it('cannot have a name that the class’s stubs have for themselves', () => {
    expect(() => classWith({ name: () => 1 }, ['name'])).toThrow('name cannot be a method of RPC')
    expect(() => classWith({ name: () => 1 })).not.toThrow()
  })

  it.each([undefined, null, 'tea', {}])('are functions, not %o', (work) => {
    expect(() => classWith({ find: work as never })).toThrow('the RPC method find must be a function')
  })
})
