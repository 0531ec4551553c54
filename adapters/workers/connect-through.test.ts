import { describe, expect, it, vi } from 'vitest'
import { DuplicateKeyError, isLexigramError, UsageError } from '../../src/core/errors.ts'
import { err, ok } from '../../src/core/result/result.ts'
import { keepConnected } from '../../src/runtime/index.ts'
import { connectThrough, type ConnectionHost, type ConnectThroughOptions } from './connect-through.ts'
import { toWholeError } from './error-data.ts'

const never = new AbortController().signal

/** A namespace whose objects answer by `execute`, and that says which were asked for. */
function namespace(execute: ConnectionHost['execute'], options: ConnectThroughOptions = {}) {
  const asked: unknown[] = []
  const host: ConnectionHost = { execute, ping: async () => ok(undefined) }
  const connectable = connectThrough<string, string>(
    {
      idFromName: (name) => name,
      get: (id, given) => {
        asked.push([id, given])
        return host
      },
    },
    options,
  )
  return { asked, connectable, connect: () => connectable.connect(never) }
}

describe('a connection through a Durable Object', () => {
  it('passes on commands with their answers', async () => {
    const { connect, asked } = namespace(async (command) => ok(`${String(command)} done`), { locationHint: 'weur' })
    const connection = await connect()
    expect(await connection.execute('a')).toBe('a done')
    await connection.ping()
    await connection.close()
    expect(asked).toEqual([['default', { locationHint: 'weur' }]])
  })

  it('shares its work among shards', async () => {
    const draws = [0, 0.34, 0.67, 0.999]
    const { connect, asked } = namespace(async () => ok('done'), {
      name: 'ledger',
      shards: 3,
      random: () => draws.shift()!,
    })
    for (let i = 0; i < 4; i++) await connect()
    expect(asked.map((ask) => (ask as unknown[])[0])).toEqual(['ledger-0', 'ledger-1', 'ledger-2', 'ledger-2'])
  })

  it('throws an error of this package with its name, code, status, hint and those details that RPC can carry', async () => {
    for (const [details, expected] of [
      [{ index: 'sku' }, { index: 'sku' }],
      [{ index: () => 'sku' }, undefined],
    ] as const) {
      const thrown = new DuplicateKeyError('taken', { hint: 'Choose another.', details })
      const { connect } = namespace(async () => err(structuredClone(toWholeError(thrown))))
      const error: unknown = await (await connect()).execute('a').catch((caught: unknown) => caught)
      expect(isLexigramError(error)).toBe(true)
      const { hint, message } = thrown
      expect(error).toMatchObject({ name: 'DuplicateKeyError', code: 'LEX_ERR_DB_005', status: 409, message, hint })
      expect((error as DuplicateKeyError).details).toEqual(expected)
    }
  })

  it('throws what was thrown with as much as RPC can carry', async () => {
    const vendors = Object.assign(new TypeError('refused'), { code: 11000, keyPattern: { sku: 1 }, retry: () => {} })
    for (const [thrown, expected] of [
      [vendors, { name: 'TypeError', message: 'refused', code: 11000 }],
      ['text', { name: 'Error', message: 'the thrown value must be an error' }],
    ] as const) {
      const { connect } = namespace(async () => err(structuredClone(toWholeError(thrown))))
      const error: unknown = await (await connect()).execute('a').catch((caught: unknown) => caught)
      const { name, message, ...members } = expected
      expect([String(error), Object.entries(error as Error)]).toEqual([`${name}: ${message}`, Object.entries(members)])
    }
  })

  it('says what helps when the object is overloaded', async () => {
    const overload = Object.assign(new Error('too many requests'), { overloaded: true })
    const { connect } = namespace(() => Promise.reject(overload))
    await expect((await connect()).execute('a')).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_003',
      cause: overload,
      hint: expect.stringContaining('shards') as string,
    })
  })

  it('is left by callers whose request is aborted', async () => {
    const { connectable } = namespace(() => new Promise(() => {}))
    const request = new AbortController()
    const left = new Error('left')
    const waiting = keepConnected(connectable).execute('a', request.signal)
    request.abort(left)
    await expect(waiting).rejects.toBe(left)
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity, '2' as never])('has no %o shards', (shards) => {
    expect(() => namespace(async () => ok('done'), { shards })).toThrow(UsageError)
  })

  it.each([undefined, null, {}, 'LEDGER'])('says what to bind when the binding is %o', (binding) => {
    const connecting = (): unknown => connectThrough(binding as never)
    expect(connecting).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('durable_objects.bindings') as string }),
    )
  })

  class Secret {
    readonly key = 'hunter2'
  }
  const loop: { self?: object } = {}
  loop.self = loop
  it.each([
    ['a function', { retry: () => 1 }],
    ['a function', () => 1],
    ['a symbol', [Symbol('hunter2')]],
    ['an instance of Secret', new Map([['hunter2', { deep: [new Secret()] }]])],
    ['an instance of Secret', new Set([new Secret()])],
    ['an instance of a class', new (class extends Secret {})()],
    ['an object without a prototype', Object.create(null)],
  ])('refuses a command with %s in it without its value', async (obstacle, command) => {
    const execute = vi.fn(async () => ok('done'))
    const { connect } = namespace(execute)
    const error = await (await connect()).execute(command as never).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', message: expect.stringContaining(obstacle) as string })
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
    expect(execute).not.toHaveBeenCalled()
  })

  it.each([[loop], [[new Date(), /x/, new Uint8Array(1), new Error('x'), new Map([[1, null]])]]])(
    'sends what RPC takes: %o',
    async (command) => {
      const { connect } = namespace(async () => ok('done'))
      expect(await (await connect()).execute(command as never)).toBe('done')
    },
  )

  const refusal = (name: string, message: string, remote = {}): Error =>
    Object.assign(new Error(message), { name }, remote)
  it.each([
    [refusal('DataCloneError', 'Secret("hunter2")'), 'a command cannot cross'],
    [refusal('DataCloneError', 'Secret("hunter2")', { remote: true }), 'an answer cannot cross'],
    [refusal('Error', 'Serialized RPC arguments or return values are limited to 32MiB'), 'a command cannot cross'],
  ])('says what the platform refused to carry: %s', async (refused, message) => {
    const { connect } = namespace(() => Promise.reject(refused))
    const error = await (await connect()).execute('a').catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', message: expect.stringContaining(message) as string })
    expect((error as Error).message).not.toContain('hunter2')
  })

  it.each([
    ['has no such method', () => Promise.reject(new TypeError('The RPC receiver does not implement the method "x".'))],
    ['gives something else', async () => 'done' as never],
    ['gives nothing', async () => undefined as never],
  ])('says what to bind when the object %s', async (_, execute) => {
    const { connect } = namespace(execute)
    await expect((await connect()).execute('a')).rejects.toMatchObject({
      message: 'the Durable Object must be of a class made by durableConnection',
      hint: expect.stringContaining('durableConnection') as string,
    })
  })

  it('throws an error whose members cannot be read', async () => {
    const hostile = Object.defineProperty(new Error('refused'), 'sql', {
      enumerable: true,
      get: () => {
        throw new Error('getter')
      },
    })
    Object.assign(hostile, { message: Symbol('refused'), errno: 7 })
    const { connect } = namespace(async () => err(structuredClone(toWholeError(hostile))))
    const error = await (await connect()).execute('a').catch((caught: unknown) => caught)
    expect([(error as Error).message, Object.entries(error as Error)]).toEqual(['Symbol(refused)', [['errno', 7]]])
  })
})
