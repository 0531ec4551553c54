/** Random documents with few different values, so that many are found and many are equal. */

import fc from 'fast-check'
import type { Document, Value } from '../../../src/nosql/query/value.ts'

/** The fields that a spec may declare; documents keep to all of them. */
export const declarable = { n: 'number', s: 'string', d: 'date', f: 'boolean', 'o.n': 'number' } as const

const small = fc.integer({ min: -1, max: 3 })
export const number: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 1, arbitrary: fc.bigInt({ min: -1n, max: 3n }) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 53n + 1n, 2 ** 53, 0.5, -0.5) },
)
const text = fc.constantFrom(
  '',
  'a',
  'ab',
  'acb',
  'b',
  'abcdefghijkl',
  'abcdefghijkm',
  'abcdefghijklmnop',
  'é',
  '\u{1f600}',
)
const date = small.map((time) => new Date(time))

export const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(true, false) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: date },
  { weight: 1, arbitrary: small.map((byte) => new Uint8Array([byte + 1])) },
)
const pair: fc.Arbitrary<Document> = fc.record(
  { x: number, y: scalar, 0: number },
  { requiredKeys: [], noNullPrototype: true },
)
const list = fc.array(fc.oneof(scalar, scalar, pair, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 })
export const anything: fc.Arbitrary<Value> = fc.oneof({ weight: 3, arbitrary: scalar }, list, pair)

export const id: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.constantFrom('a', 'b', 'c/d', 5n, 1n << 60n),
)

/** Values that a path is compared with. */
export const valuesAt: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  n: number,
  s: text,
  d: date,
  f: fc.boolean(),
  'o.n': number,
  a: scalar,
  'a.0': number,
  'l.x': number,
  _id: id,
}

const nullable = (value: fc.Arbitrary<Value>) => fc.oneof({ weight: 5, arbitrary: value }, fc.constant(null))

const sparse = fc.record(
  {
    n: nullable(number),
    s: nullable(text),
    d: nullable(date),
    f: nullable(fc.boolean()),
    o: fc.oneof(fc.record({ n: number, m: anything }, { requiredKeys: [], noNullPrototype: true }), scalar),
    a: anything,
    l: fc.oneof(fc.array(pair, { maxLength: 3 }), anything),
  },
  { requiredKeys: [], noNullPrototype: true },
)

/** With a value at almost every path: what indexes are for. */
const dense = fc.record(
  {
    n: fc.constantFrom(0, 1, 2),
    s: fc.oneof(fc.constantFrom('a', 'abcdefghijkl', 'abcdefghijkm'), text),
    d: date,
    f: fc.boolean(),
    o: fc.record({ n: fc.constantFrom(0, 1) }, { noNullPrototype: true }),
    a: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1) }, anything),
    l: fc.oneof(pair, fc.array(pair, { maxLength: 2 })),
  },
  { requiredKeys: ['n', 's', 'f', 'o'], noNullPrototype: true },
)

const collection = (fields: fc.Arbitrary<Document>) =>
  fc
    .uniqueArray(fc.tuple(id, fields), { maxLength: 24, selector: ([each]) => String(each) })
    .map((all) => all.map(([_id, rest]): Document => ({ _id, ...rest })))

export const documents: fc.Arbitrary<readonly Document[]> = fc.oneof(collection(sparse), collection(dense))
