import { describe, expect, it } from 'vitest'
import { assertDefined, defineCollection } from './define-collection.ts'
import { parseIndex } from './index-model.ts'

describe('defineCollection', () => {
  it('parses indexes', () => {
    const users = defineCollection('users', {
      fields: { email: 'string' },
      indexes: [{ keys: 'email', unique: true }, { keys: { team: 1, at: -1 } }],
    })
    expect(users).toEqual({
      name: 'users',
      fields: { email: 'string' },
      indexes: [
        { name: 'email_1', key: [['email', 1]], unique: true },
        {
          name: 'team_1_at_-1',
          key: [
            ['team', 1],
            ['at', -1],
          ],
        },
      ],
    })
  })

  it('needs no more than a name', () => {
    expect(defineCollection('logs')).toEqual({ name: 'logs', fields: {}, indexes: [] })
  })

  it('refuses names, types and indexes that cannot be', () => {
    expect(() => defineCollection('')).toThrow(expect.objectContaining({ reason: 'InvalidNamespace' }))
    expect(() => defineCollection('a', { fields: { x: 'text' as never } })).toThrow(
      expect.objectContaining({ path: 'x' }),
    )
    expect(() => defineCollection('a', { indexes: [{ keys: [] }] })).toThrow(/at least one path/)
  })
})

describe('assertDefined', () => {
  it('takes only what defineCollection returns', () => {
    const users = defineCollection('users')
    expect(assertDefined(users)).toBe(users)
    for (const other of [{ ...users }, structuredClone(users), Object.create(users), [], new Map()]) {
      expect(() => assertDefined(other)).toThrow(
        expect.objectContaining({ code: 'LEX_ERR_USE_001', hint: expect.stringContaining('defineCollection(') }),
      )
    }
  })
})

describe('parseIndex', () => {
  it('takes a path, an object or pairs', () => {
    expect(parseIndex('a').key).toEqual([['a', 1]])
    expect(parseIndex({ a: -1, 'b.c': 1 })).toMatchObject({ name: 'a_-1_b.c_1' })
    expect(
      parseIndex(
        [
          ['a', 1],
          ['b', -1],
        ],
        { name: 'mine' },
      ),
    ).toMatchObject({ name: 'mine' })
  })

  it.each([
    ['an empty part', () => parseIndex('a..b')],
    [
      'a path given twice',
      () =>
        parseIndex([
          ['a', 1],
          ['a', -1],
        ]),
    ],
    ['a TTL that is not a number', () => parseIndex('a', { expireAfterSeconds: '1' as never })],
    ['a negative TTL', () => parseIndex('a', { expireAfterSeconds: -1 })],
    ['a TTL on _id', () => parseIndex('_id', { expireAfterSeconds: 1 })],
    ['an index both sparse and partial', () => parseIndex('a', { sparse: true, partialFilterExpression: {} })],
    ['an empty name', () => parseIndex('a', { name: '' })],
  ])('refuses %s', (_what, parse) => {
    expect(parse).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_005' }))
  })
})
