import { describe, expect, it } from 'vitest'
import { DuplicateKeyError, isLexigramError } from '../../src/errors.ts'
import { err, ok } from '../../src/result/result.ts'
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
  return { asked, connect: () => connectable.connect(never) }
}

describe('a connection through a Durable Object', () => {
  it('passes commands and answers on', async () => {
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

  it('throws an error of this package with its name, code, status, hint and those details that can cross', async () => {
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

  it('throws a vendor’s error with what is plain in it, and a nameless one for what is no error', async () => {
    const vendors = Object.assign(new TypeError('refused'), { code: 11000, keyPattern: { sku: 1 }, retry: () => {} })
    for (const [thrown, expected] of [
      [vendors, { name: 'TypeError', message: 'refused', code: 11000 }],
      ['text', { name: 'Error', message: 'what was thrown is no error' }],
    ] as const) {
      const { connect } = namespace(async () => err(structuredClone(toWholeError(thrown))))
      const error: unknown = await (await connect()).execute('a').catch((caught: unknown) => caught)
      const { name, message, ...members } = expected
      expect([String(error), Object.entries(error as Error)]).toEqual([`${name}: ${message}`, Object.entries(members)])
    }
  })

  it('says when the object cannot be reached, and what helps when it is overloaded', async () => {
    const overload = Object.assign(new Error('too many requests'), { overloaded: true })
    const { connect } = namespace(() => Promise.reject(overload))
    await expect((await connect()).execute('a')).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_003',
      cause: overload,
      hint: expect.stringContaining('shards') as string,
    })
  })

  it('stops waiting when the request is aborted', async () => {
    const { connect } = namespace(() => new Promise(() => {}))
    const request = new AbortController()
    const left = new Error('left')
    const waiting = (await connect()).execute('a', request.signal)
    request.abort(left)
    await expect(waiting).rejects.toBe(left)
    await expect((await connect()).execute('a', AbortSignal.abort(left))).rejects.toBe(left)
  })
})
