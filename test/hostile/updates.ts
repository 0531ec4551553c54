import { ANSWER, BUDGET, DOCUMENT, FILTER, UNSUPPORTED, many, nested, type HostileCase } from './case.ts'

const deepPath = many(1000, () => 'a').join('.')

const updates: readonly (readonly [name: string, update: () => unknown, ends: string])[] = [
  ['a value, 100,000 deep', () => ({ $set: { a: nested(100_000, (inner) => [inner], 1) } }), DOCUMENT],
  ['a path of 1,000 parts', () => ({ $set: { [deepPath]: 1 } }), FILTER],
  ['a path of 100,000 parts', () => ({ $set: { [many(100_000, () => 'a').join('.')]: 1 } }), FILTER],
  ['$inc at a path of 1,000 parts', () => ({ $inc: { [deepPath]: 1 } }), FILTER],
  ['$push at a path of 1,000 parts', () => ({ $push: { [deepPath]: 1 } }), FILTER],
  ['an index of 1,500,000', () => ({ $set: { 'list.1500001': 1 } }), ANSWER],
  ['an index of 2 ** 31', () => ({ $set: { 'list.2147483648': 1 } }), DOCUMENT],
  ['an index of 10 ** 30', () => ({ $set: { [`list.${10n ** 30n}`]: 1 } }), DOCUMENT],
  ['an index of 4294967295', () => ({ $set: { 'list.4294967295': 1 } }), DOCUMENT],
  ['$push of a million', () => ({ $push: { list: { $each: many(1_000_000, (n) => n) } } }), ANSWER],
  ['$push of too much', () => ({ $push: { list: { $each: many(300, () => 'x'.repeat(100_000)) } } }), DOCUMENT],
  ['$push at a huge position', () => ({ $push: { list: { $each: [1], $position: 2 ** 53 } } }), ANSWER],
  ['$push with a huge slice', () => ({ $push: { list: { $each: [1], $slice: 2 ** 53 } } }), ANSWER],
  ['$push with a slice of NaN', () => ({ $push: { list: { $each: [1], $slice: Number.NaN } } }), FILTER],
  [
    '$push sorted by 1,000 keys',
    () => ({ $push: { items: { $each: [], $sort: Object.fromEntries(many(1000, (n) => [`f${n}`, 1])) } } }),
    FILTER,
  ],
  ['$push of an unknown modifier', () => ({ $push: { list: { $each: [1], $unknown: 1 } } }), FILTER],
  ['$addToSet of 20,000', () => ({ $addToSet: { list: { $each: many(20_000, (n) => n) } } }), ANSWER],
  ['$addToSet of 200,000 objects', () => ({ $addToSet: { list: { $each: many(200_000, (n) => ({ n })) } } }), ANSWER],
  ['$pullAll of 200,000', () => ({ $pullAll: { list: many(200_000, (n) => n) } }), ANSWER],
  [
    '$pull by 100,000 deep',
    () => ({ $pull: { list: nested(100_000, (inner) => ({ $not: inner }), { $gt: 1 }) } }),
    FILTER,
  ],
  ['$pull by a catastrophic pattern', () => ({ $pull: { list: { $regex: '(a+)+$' } } }), FILTER],
  ['$rename to itself', () => ({ $rename: { n: 'n' } }), FILTER],
  ['$rename in a chain', () => ({ $rename: { a: 'b', b: 'c' } }), FILTER],
  ['$rename of 50,000', () => ({ $rename: Object.fromEntries(many(50_000, (n) => [`a${n}`, `b${n}`])) }), ANSWER],
  ['$rename to no string', () => ({ $rename: { n: 1 } }), FILTER],
  ['$rename into itself', () => ({ $rename: { n: 'n.x' } }), FILTER],
  ['$rename to __proto__', () => ({ $rename: { n: '__proto__' } }), DOCUMENT],
  ['100,000 fields', () => ({ $set: Object.fromEntries(many(100_000, (n) => [`f${n}`, n])) }), ANSWER],
  ['conflicting paths', () => ({ $set: { a: 1 }, $unset: { 'a.b': 1 } }), FILTER],
  [
    'conflicts among 50,000',
    () => ({ $set: { ...Object.fromEntries(many(50_000, (n) => [`f${n}`, n])), 'f1.x': 1 } }),
    FILTER,
  ],
  ['a change of _id', () => ({ $set: { _id: 9 } }), DOCUMENT],
  ['NaN', () => ({ $set: { a: Number.NaN } }), DOCUMENT],
  ['$inc by infinity', () => ({ $inc: { n: Infinity } }), FILTER],
  ['$inc of a string', () => ({ $inc: { text: 1 } }), DOCUMENT],
  ['$mul beyond 64 bits', () => [{ $set: { b: 1 } }], ANSWER],
  ['$bit without an operation', () => ({ $bit: { n: {} } }), FILTER],
  ['a symbol', () => ({ $set: { a: Symbol('x') } }), DOCUMENT],
  ['a function', () => ({ $set: { a: () => 1 } }), DOCUMENT],
  ['undefined', () => ({ $push: { list: undefined } }), DOCUMENT],
  ['undefined in $set', () => ({ $set: { a: undefined } }), ANSWER],
  ['an unknown operator', () => ({ $unknown: { a: 1 } }), FILTER],
  ['operators and fields', () => ({ $set: { a: 1 }, b: 2 }), FILTER],
  ['an operator without an object', () => ({ $set: 1 }), FILTER],
  ['a null operator', () => ({ $set: null }), FILTER],
  ['fields that start with dollars', () => ({ $set: { $a: 1 } }), FILTER],
  ['a field named __proto__', () => ({ $set: JSON.parse('{ "__proto__": { "polluted": true } }') }), DOCUMENT],
  ['a path into the prototype', () => ({ $set: { '__proto__.polluted': true } }), DOCUMENT],
  ['a path into the constructor', () => ({ $set: { 'constructor.prototype.polluted': true } }), ANSWER],
  ['a value with __proto__', () => ({ $set: { a: JSON.parse('{ "__proto__": { "polluted": true } }') } }), DOCUMENT],
  ['null', () => null, FILTER],
  ['a number', () => 3, FILTER],
  ['a string', () => 'x', FILTER],
  ['undefined for an update', () => undefined, FILTER],
  ['a function for an update', () => () => 1, FILTER],
  ['an empty object', () => ({}), FILTER],
  ['an empty array', () => [], ANSWER],
  ['a pipeline that doubles', () => many(40, () => ({ $set: { a: ['$a', '$a'] } })), BUDGET],
  [
    'a pipeline that doubles the document',
    () => many(40, () => ({ $replaceWith: { _id: '$_id', a: '$$ROOT', b: '$$ROOT' } })),
    BUDGET,
  ],
  ['a pipeline that gets deeper', () => many(40, () => ({ $set: { a: ['$a'] } })), DOCUMENT],
  [
    'a pipeline that grows beyond 16 MiB',
    () => [{ $set: { a: { $map: { input: { $range: [0, 2000] }, in: '$text' } } } }],
    DOCUMENT,
  ],
  ['a pipeline of 10,000 stages', () => many(10_000, () => ({ $set: { a: 1 } })), FILTER],
  ['a pipeline that reads others', () => [{ $lookup: { from: 'things', pipeline: [], as: 'x' } }], FILTER],
  [
    'a pipeline that runs code',
    () => [{ $set: { a: { $function: { body: 'x', args: [], lang: 'js' } } } }],
    UNSUPPORTED,
  ],
  ['a pipeline of nothing', () => [null], FILTER],
]

export const updateCases: readonly HostileCase[] = updates.map(([name, update, ends]) => ({
  name: `update: ${name}`,
  ends,
  input: update,
  async run({ things }, input) {
    const before = await things.findOne({ _id: 1 })
    try {
      await things.updateOne({ _id: 1 }, input as Record<string, unknown>)
    } catch (error) {
      if (JSON.stringify(await things.findOne({ _id: 1 })) !== JSON.stringify(before)) return { changed: error }
      throw error
    }
    return undefined
  },
}))
