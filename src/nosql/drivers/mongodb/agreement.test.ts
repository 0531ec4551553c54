import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import type { Command } from '../../../../tools/mongodb-server/wire.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { aggregation } from '../../aggregation/engine.ts'
import { untyped } from '../../../testing/assert.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { memory } from '../memory/memory-driver.ts'
import { mongodb } from './mongodb-driver.ts'

/** Other methods with other options in every run of this number. */
const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_129)
const rounds = 25

function choices(start: number) {
  let state = start
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const one = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T
  const maybe = (part: number, fields: object): object => (next() < part ? fields : {})
  return { next, one, maybe }
}
const { next, one, maybe } = choices(seed)

const values: readonly unknown[] = [
  ...[0, 1, 2, -1, 1.5, 'a', 'b', null, true, 3n, new Date(5)],
  ...[[1, 2], [], ['a', 3], { x: 1 }, { x: 1, y: 2 }, { y: 2, x: 1 }, [[1], 2], [{ x: 1 }, { x: 2 }]],
]
const field = () => one(['a', 'b', 'c', 'd', 'd.x'])
const condition = () =>
  one<unknown>([
    one(values),
    ...[{ $gt: one(values) }, { $lte: one(values) }, { $in: [one(values), one(values)] }, { $ne: one(values) }],
    ...[{ $exists: next() < 0.5 }, { $elemMatch: { x: 1 } }, { $size: 2 }, { $type: 'number' }, { $nope: 1 }],
  ])
const filterOf = (): object =>
  one<() => object>([
    () => ({}),
    () => ({ _id: one([1, 2, 3, 99]) }),
    () => ({ [field()]: condition() }),
    () => ({ [field()]: condition(), $or: [{ [field()]: condition() }, { [field()]: condition() }] }),
  ])()
const sortOf = () => one<object>([{ a: 1 }, { b: -1, a: 1 }, { 'd.x': 1 }, { _id: -1 }, { c: 1, _id: -1 }, { a: 2 }])
const projectionOf = () =>
  one<object>([{ a: 1 }, { a: 0 }, { _id: 0, 'd.x': 1 }, { c: { $slice: 1 } }, { a: 1, b: 0 }, { n: { $add: [1, 2] } }])
const updateOf = () =>
  one<object>([
    ...[
      { $set: { [field()]: one(values) } },
      { $inc: { a: 1 } },
      { $unset: { [field()]: 1 } },
      { $rename: { a: 'z' } },
    ],
    ...[{ $push: { c: one(values) } }, { $addToSet: { c: one(values) } }, { $pull: { c: 1 } }, { $mul: { a: 2 } }],
    ...[[{ $set: { z: '$a' } }], { $setOnInsert: { q: 1 }, $set: { a: 1 } }, { $set: { 'c.$[e]': 9 } }, { $nope: {} }],
  ])
const callOf = () => ({
  ...maybe(0.1, { scans: one(['allow', 'deny']) }),
  ...maybe(0.05, { signal: AbortSignal.abort(new Error('gone')) }),
  ...maybe(0.05, { deadline: one([1, Date.now() + 60_000]) }),
})
const writeOf = () => ({
  ...maybe(0.3, { upsert: true }),
  ...maybe(0.3, { sort: sortOf() }),
  ...maybe(0.1, { arrayFilters: [{ e: 1 }] }),
  ...callOf(),
})
const returningOf = () => ({
  ...maybe(0.5, { returnDocument: one(['before', 'after', 'none']) }),
  ...maybe(0.4, { projection: projectionOf() }),
})

/** A call of a collection: method, arguments. */
type Call = readonly [string, ...unknown[]]
const callsOf: readonly (() => Call)[] = [
  () => ['findOne', filterOf(), { ...maybe(0.5, { sort: sortOf() }), ...maybe(0.5, { projection: projectionOf() }) }],
  () => ['countDocuments', filterOf(), { ...maybe(0.4, { limit: 2 }), ...maybe(0.4, { skip: 1 }), ...callOf() }],
  () => ['updateOne', filterOf(), updateOf(), writeOf()],
  () => ['updateMany', { ...filterOf(), a: { $gte: 1 } }, updateOf(), callOf()],
  () => ['replaceOne', filterOf(), one<object>([{ a: 1 }, { c: [1] }, { $set: 1 }]), writeOf()],
  () => ['deleteOne', filterOf(), { ...maybe(0.4, { sort: sortOf() }), ...callOf() }],
  () => ['findOneAndUpdate', filterOf(), updateOf(), { ...writeOf(), ...returningOf() }],
  () => ['findOneAndDelete', filterOf(), { ...maybe(0.4, { sort: sortOf() }), ...callOf() }],
  () => ['insertMany', [{ _id: one([1, 20]) }, { _id: one([20, 21]) }, { _id: 22 }], { ordered: next() < 0.5 }],
  () => ['findPage', filterOf(), { ...maybe(0.7, { sort: sortOf() }), limit: one([1, 2, 50]) }],
]

/** Generated ids, and times of `$currentDate`, differ. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string' && /^[\da-f]{8}-/.test(value)) return 'generated'
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map(comparable)
  const entries = Object.entries(value).filter(([name]) => name !== 'next')
  return Object.fromEntries(entries.map(([name, inner]) => [name, comparable(inner)]))
}

function toldOf(error: unknown): unknown {
  const { name, code, reason, errors, result } = error as Readonly<Record<string, unknown>>
  const all = (errors ?? []) as readonly { readonly index: number; readonly error: unknown }[]
  return { name, code, reason, errors: all.map((each) => [each.index, toldOf(each.error)]), result: comparable(result) }
}

async function outcomeOf(store: DocumentStore, name: string, [method, ...args]: Call): Promise<unknown> {
  // Options are drawn without regard to what a method takes.
  const collection: Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>> = untyped(
    store.collection(name),
  )
  try {
    return comparable(await collection[method]?.(...args))
  } catch (error) {
    return { error: toldOf(error) }
  }
}

describe('methods with options drawn at random', async () => {
  let sent: Command[] = []
  const server = await serveMongo({ onCommand: (command) => void sent.push(command) })
  const config = { uri: toSecret(server.uri) }
  const native = createDocumentStore(mongodb(), { database: 'agreement', config, scans: 'allow' })
  const own = createDocumentStore(memory({ aggregation: aggregation(), ids: 'any' }), { scans: 'allow' })
  afterAll(async () => {
    await native.disconnect()
    await own.disconnect()
    await server.close()
  })

  it.each(Array.from({ length: rounds }, (_, round) => round))('agree with memory in round %i', async (round) => {
    const name = `round${round}`
    const documents = Array.from({ length: 7 }, (_, n) => ({
      _id: n + 1,
      ...Object.assign({}, ...['a', 'b', 'c', 'd'].map((each) => maybe(0.7, { [each]: one(values) }))),
    }))
    for (const store of [own, native]) await store.collection(name).insertMany(documents)
    for (let step = 0; step < 10; step++) {
      const call = one(callsOf)()
      sent = []
      const expected = await outcomeOf(own, name, call)
      const what = `step ${step}, ${call[0]}`
      expect(await outcomeOf(native, name, call), what).toEqual(expected)
      // Both sides run on one engine: what reaches the server must be the caller's own condition.
      const conditions = sent.flatMap(conditionsIn)
      const isExact = conditions.every((condition_) => holds(condition_, call[1]))
      expect(Array.isArray(call[1]) || isExact, what).toBe(true)
      const all = await Promise.all([own, native].map((store) => store.collection(name).find({}).toArray()))
      expect(comparable(all[1]), what).toEqual(comparable(all[0]))
    }
  })
})

function conditionsIn(command: Command): readonly unknown[] {
  const { filter, query, updates = [], deletes = [], pipeline = [] } = command as Readonly<Record<string, never>>
  const statements = [updates, deletes].flat() as readonly { readonly q: unknown }[]
  const matches = ([pipeline].flat() as readonly { readonly $match?: unknown }[]).map(({ $match }) => $match)
  return [filter, query, ...statements.map(({ q }) => q), ...matches].filter((each) => each !== undefined)
}

/** A document that was read first is written on the condition that it is still the same. */
function holds(sentCondition: unknown, given: unknown): boolean {
  if (isDeepStrictEqual(sentCondition, given)) return true
  const { $and, $expr } = sentCondition as { readonly $and?: readonly unknown[]; readonly $expr?: unknown }
  return $expr !== undefined || $and?.some((part) => isDeepStrictEqual(part, given)) === true
}
