import { describe, expect, it } from 'vitest'
import * as setting from './schema.ts'
import type { Schema } from './schema-node.ts'

const refused = Symbol('refused')

function read(schema: Schema<unknown>, input: unknown): unknown {
  const result = schema.parse(input)
  return result.issues === undefined ? result.value : refused
}

describe.each<[string, Schema<unknown>, [unknown, unknown][]]>([
  [
    'string',
    setting.string(),
    [
      ['a', 'a'],
      ['', refused],
      [undefined, refused],
      [1, refused],
    ],
  ],
  [
    'number',
    setting.number({ max: 10 }),
    [
      ['1.5', 1.5],
      [' 2 ', 2],
      ['-1e1', -10],
      [3, 3],
      ['0x10', refused],
      ['', refused],
      ['Infinity', refused],
      [Number.NaN, refused],
      ['11', refused],
      ['5s', refused],
      [true, refused],
    ],
  ],
  [
    'int',
    setting.int({ min: 0 }),
    [
      ['5', 5],
      ['5.0', 5],
      ['5.5', refused],
      ['-1', refused],
      ['9007199254740993', refused],
      ['1e99', refused],
    ],
  ],
  [
    'duration',
    setting.duration(),
    [
      ['30s', 30_000],
      ['1h30m', 5_400_000],
      ['500ms', 500],
      ['0.5d', 43_200_000],
      ['250', 250],
      [250, 250],
      ['-1', refused],
      ['30 s', refused],
      ['s', refused],
      ['1w', refused],
    ],
  ],
  [
    'duration in seconds',
    setting.duration({ unit: 's', max: 60_000 }),
    [
      ['30', 30_000],
      [30, 30_000],
      ['61', refused],
      ['30s', 30_000],
    ],
  ],
  [
    'boolean',
    setting.boolean(),
    [
      ['TRUE', true],
      ['off', false],
      ['1', true],
      ['0', false],
      [false, false],
      [1, refused],
      ['constructor', refused],
    ],
  ],
  [
    'oneOf',
    setting.oneOf(['a', 'b']),
    [
      ['a', 'a'],
      ['A', refused],
      [undefined, refused],
    ],
  ],
  [
    'list',
    setting.list(setting.int()),
    [
      ['1, 2', [1, 2]],
      ['[1,2]', [1, 2]],
      [['3'], [3]],
      ['1,,2', refused],
      ['{}', refused],
      ['a', refused],
      [undefined, refused],
    ],
  ],
  [
    'object',
    setting.object({ poolSize: setting.optional(setting.int()) }),
    [
      [undefined, { poolSize: undefined }],
      ['{"pool_size":1}', { poolSize: 1 }],
      [{ POOLSIZE: '1' }, { poolSize: 1 }],
      [{ poolSize: 1, pool_size: 2 }, refused],
      [{ other: 1 }, refused],
      ['text', refused],
      [[], refused],
      [null, { poolSize: undefined }],
    ],
  ],
  [
    'optional',
    setting.optional(setting.int()),
    [
      [undefined, undefined],
      ['1', 1],
      ['x', refused],
    ],
  ],
  [
    'withDefault',
    setting.withDefault(setting.duration(), '2s'),
    [
      [undefined, 2000],
      ['1s', 1000],
      ['x', refused],
    ],
  ],
])('%s', (_name, schema, cases) => {
  it.each(cases)('makes of %j: %j', (input, expected) => {
    expect(read(schema, input)).toEqual(expected)
  })
})

describe('refine', () => {
  const range = setting.refine(setting.object({ min: setting.int(), max: setting.int() }), ({ min, max }) =>
    min <= max ? [] : [{ message: 'expected at least min', path: ['max'] }],
  )

  it('adds its own issues where each setting by itself is right', () => {
    expect(range.parse({ min: 1, max: 2 })).toEqual({ value: { min: 1, max: 2 } })
    expect(range.parse({ min: 3, max: 2 }).issues).toEqual([{ message: 'expected at least min', path: ['max'] }])
  })

  it('is not asked about values that are wrong already', () => {
    expect(range.parse({ min: 3, max: 'x' }).issues).toEqual([{ message: 'expected a whole number', path: ['max'] }])
  })
})

it('describes itself for the documentation', () => {
  const schema = setting.secret(setting.withDefault(setting.string({ description: 'Who calls.' }), 'me'))
  expect(schema).toMatchObject({
    shape: 'text',
    description: 'Who calls.',
    default: 'me',
    required: false,
    secret: true,
  })
})
