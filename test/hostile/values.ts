import { ANSWER, DOCUMENT, FILTER, nested, type HostileCase, type Victim } from './case.ts'

class Money {
  readonly amount = 1
}

function cyclicObject(): unknown {
  const made: Record<string, unknown> = {}
  made['self'] = made
  return made
}

function cyclicArray(): unknown {
  const made: unknown[] = []
  made.push(made)
  return made
}

const throwing = {
  get secret(): never {
    throw new TypeError('a getter failed')
  },
}
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
const endless = new Proxy(
  {},
  {
    ownKeys: () => ['a'],
    getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
    get: () => endless,
  },
)
const trapped = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new TypeError('a trap failed')
    },
  },
)

/** Values that no backend can hold; how storing them ends, and how asking for them does. */
const values: readonly (readonly [name: string, make: () => unknown, stored: string, asked: string])[] = [
  ['a cycle of objects', cyclicObject, DOCUMENT, FILTER],
  ['a cycle of arrays', cyclicArray, DOCUMENT, FILTER],
  ['an array shared twice, 60 deep', () => nested(60, (inner) => [inner, inner], 1), DOCUMENT, FILTER],
  ['an array shared twice, 28 deep', () => nested(28, (inner) => [inner, inner], 1), DOCUMENT, FILTER],
  ['a getter that throws', () => throwing, DOCUMENT, FILTER],
  ['a revoked proxy', revoked, DOCUMENT, FILTER],
  ['a proxy without an end', () => endless, DOCUMENT, FILTER],
  ['a proxy whose trap throws', () => trapped, DOCUMENT, FILTER],
  ['an instance of a class', () => new Money(), DOCUMENT, FILTER],
  ['a map', () => new Map(), DOCUMENT, FILTER],
  ['a set', () => new Set([1]), DOCUMENT, FILTER],
  ['an error', () => new Error('x'), DOCUMENT, FILTER],
  ['a promise', () => Promise.resolve(), DOCUMENT, FILTER],
  ['a boxed number', () => Object(1), DOCUMENT, FILTER],
  ['a boxed string', () => Object('x'), DOCUMENT, FILTER],
  ['a typed array of another kind', () => new Float64Array(2), DOCUMENT, FILTER],
  ['an array buffer', () => new ArrayBuffer(2), DOCUMENT, FILTER],
  ['a weak map', () => new WeakMap(), DOCUMENT, FILTER],
  ['a generator', () => (function* () {})(), DOCUMENT, FILTER],
  ['a symbol', () => Symbol('x'), DOCUMENT, FILTER],
  ['a function', () => () => 1, DOCUMENT, FILTER],
  ['a class', () => Money, DOCUMENT, FILTER],
  ['NaN', () => Number.NaN, DOCUMENT, FILTER],
  ['infinity', () => -Infinity, DOCUMENT, FILTER],
  ['a bigint beyond 64 bits', () => 2n ** 63n, DOCUMENT, FILTER],
  ['an invalid date', () => new Date(Number.NaN), DOCUMENT, FILTER],
  ['a sparse array', () => Object.assign([], { 3: 1 }), DOCUMENT, FILTER],
  ['a sparse array of 2 ** 32 - 2', () => Object.assign([1], { length: 2 ** 32 - 2 }), DOCUMENT, FILTER],
  ['undefined in an array', () => [undefined], DOCUMENT, FILTER],
  ['a field named __proto__', () => JSON.parse('{ "__proto__": { "polluted": true } }'), DOCUMENT, ANSWER],
  ['an object without a prototype', () => Object.assign(Object.create(null), { a: 1 }), ANSWER, ANSWER],
  ['an object with inherited fields', () => Object.create({ inherited: 1 }), DOCUMENT, FILTER],
  ['an array with fields', () => Object.assign([1], { extra: 1 }), ANSWER, ANSWER],
  ['a date with fields', () => Object.assign(new Date(0), { extra: 1 }), ANSWER, ANSWER],
  ['a forged date', () => Object.create(Date.prototype), DOCUMENT, FILTER],
  ['forged bytes', () => Object.create(Uint8Array.prototype), DOCUMENT, FILTER],
  ['a forged array', () => Object.create(Array.prototype), DOCUMENT, FILTER],
  ['a forged pattern', () => Object.create(RegExp.prototype), DOCUMENT, FILTER],
  ['an object with toJSON', () => ({ toJSON: () => 1 }), DOCUMENT, FILTER],
  ['an object with a constructor', () => ({ constructor: 1 }), ANSWER, ANSWER],
  ['an object that says it has own fields', () => ({ hasOwnProperty: 1, toString: 2, valueOf: 3 }), ANSWER, ANSWER],
  ['a string of 20 MiB', () => 'x'.repeat(20 << 20), DOCUMENT, ANSWER],
  ['bytes of 20 MiB', () => new Uint8Array(20 << 20), DOCUMENT, ANSWER],
  ['an array of 3,000,000', () => Array.from({ length: 3_000_000 }, () => 0), DOCUMENT, ANSWER],
  ['a lone surrogate', () => '\ud800', DOCUMENT, FILTER],
]

type Use = readonly [name: string, use: (victim: Victim, value: unknown) => unknown]

const storing: readonly Use[] = [
  ['insertOne', ({ things }, value) => things.insertOne({ value } as never)],
  ['replaceOne', ({ things }, value) => things.replaceOne({ _id: 1 }, { value } as never)],
  ['$set', ({ things }, value) => things.updateOne({ _id: 1 }, { $set: { value } })],
  ['$push of one', ({ things }, value) => things.updateOne({ _id: 1 }, { $push: { list: { $each: [value] } } })],
]
const asking: readonly Use[] = [
  ['find', ({ things }, value) => things.find({ value }).toArray()],
  ['$in', ({ things }, value) => things.find({ value: { $in: [value] } }).toArray()],
  ['$gt', ({ things }, value) => things.find({ value: { $gt: value } }).toArray()],
  ['$pull', ({ things }, value) => things.updateOne({ _id: 1 }, { $pull: { list: { $in: [value] } } })],
]

const casesOf = (uses: readonly Use[], column: 2 | 3): HostileCase[] =>
  uses.flatMap(([use, call]) =>
    values.map((row) => ({
      name: `${use}: ${row[0]}`,
      ends: row[column],
      input: row[1],
      run: call,
    })),
  )

export const valueCases: readonly HostileCase[] = [...casesOf(storing, 2), ...casesOf(asking, 3)]
