import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { toSecret } from '../setting/secret.ts'
import { toLoggable } from './loggable.ts'

const secret = toSecret('hunter2')

describe('the fields of a line', () => {
  it('keep the hint of this package’s errors alone', () => {
    const hint = 'Set AWS_REGION.'
    expect(toLoggable({ error: new UsageError('no', { hint }) })).toMatchObject({ error: { hint } })
    const vendors = Object.assign(new Error('no'), { hint: 'Perhaps you meant the row hunter2.' })
    expect(JSON.stringify(toLoggable({ error: vendors }))).not.toContain('hunter2')
  })

  it.each<[what: string, value: unknown]>([
    ['by itself', secret],
    ['in a list in an object', { list: [{ secret }] }],
    [
      'in a map, as value and as key',
      new Map<unknown, unknown>([
        ['password', secret],
        [secret, 1],
      ]),
    ],
    ['in a set', new Set([secret])],
    ['in the details of an error', new UsageError('no', { details: { secret } })],
    ['in the cause of a cause', new Error('a', { cause: new Error('b', { cause: secret }) })],
    ['among the errors of an aggregate', new AggregateError([new Error('c', { cause: { secret } })])],
    ['in what toJSON returns', { toJSON: () => ({ secret }) }],
    ['in a URL', new URL('https://ada:hunter2@example.com/x')],
    [
      'as the property of a class',
      new (class Config {
        readonly password = secret
      })(),
    ],
  ])('hide a secret %s', (_what, value) => {
    expect(JSON.stringify(toLoggable({ value }))).not.toContain('hunter2')
  })

  it('are what was given, as JSON', () => {
    const error = Object.assign(new TypeError('broken', { cause: new Error('deep') }), { code: 'X', password: 'p' })
    expect(
      toLoggable({ text: 'a', n: 1, not: Number.NaN, big: 2n, none: undefined, nil: null, at: new Date(0), error }),
    ).toEqual({
      text: 'a',
      n: 1,
      not: 'NaN',
      big: '2',
      nil: null,
      at: '1970-01-01T00:00:00.000Z',
      error: {
        name: 'TypeError',
        code: 'X',
        message: 'broken',
        stack: expect.stringContaining('TypeError: broken'),
        cause: { name: 'Error', message: 'deep', stack: expect.any(String) },
      },
    })
    expect(toLoggable({ bytes: new Uint8Array(7), f: () => {}, url: new URL('https://u:p@h.test/a') })).toEqual({
      bytes: '[7 bytes]',
      f: '[function]',
      url: 'https://h.test/a',
    })
  })

  it('end only where they come back to themselves', () => {
    const shared = { a: 1 }
    const circular: Record<string, unknown> = { one: shared, two: shared }
    circular['self'] = circular
    expect(toLoggable(circular)).toEqual({ one: { a: 1 }, two: { a: 1 }, self: '[circular]' })
    const error = new Error('x')
    error.cause = error
    expect(toLoggable({ error })).toMatchObject({ error: { cause: '[circular]' } })
  })

  it('survive what cannot be read', () => {
    const hostile = {
      get trap(): never {
        throw new Error('no')
      },
    }
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(toLoggable({ hostile, proxy, ok: 1 })).toEqual({ hostile: '[unreadable]', proxy: '[unreadable]', ok: 1 })
    expect(JSON.stringify(toLoggable(JSON.parse('{"__proto__": {"a": 1}}') as object as never))).toBe(
      '{"__proto__":{"a":1}}',
    )
  })

  it('are bounded in length, number, depth and all together', () => {
    let deep: unknown = 'bottom'
    for (let i = 0; i < 10_000; i++) deep = { deep }
    expect(JSON.stringify(toLoggable({ deep }))).toContain('[deeper]')
    expect(JSON.stringify(toLoggable({ text: 'x'.repeat(10_000_000) }))).toMatch(/x… \(9995904 more\)"}$/)
    const endless = new Set(Array.from({ length: 100_000 }, (_, i) => i))
    for (const many of [endless, [...endless], Object.fromEntries([...endless].entries())]) {
      expect(JSON.stringify(toLoggable({ many })).length).toBeLessThan(20_000)
    }
    const long = Array.from({ length: 1000 }, () => 'y'.repeat(5000))
    expect(JSON.stringify(toLoggable({ long })).length).toBeLessThan(80_000)
  })

  it('have one zero, as JSON has', () => {
    expect(toLoggable({ n: -0 })).toEqual({ n: 0 })
  })

  it('are JSON whatever they are', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything), (fields) => {
        const value = toLoggable(fields)
        expect(JSON.parse(JSON.stringify(value))).toEqual(value)
      }),
    )
  })
})
