import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentStore } from '../../src/nosql/store/document-store.ts'
import type { Value } from '../../src/nosql/query/value.ts'
import { laneNames, startLane, type DocumentLane, type LaneName } from '../support/document-lanes.ts'
import { shown } from './random-program.ts'

/** Of every type, those that languages and databases take for nothing among them. */
const values: readonly Value[] = [
  ...['', 'a', 'ab', '\uFFFF', '😀', false, true, null, 0, -1, 1.5, 10n, new Date(0)],
  ...[new Uint8Array(), new Uint8Array([1]), {}, { x: '' }],
  ...[[], [''], [false], [null], [0], ['a', ''], [[]], [['']], [{ x: false }], [{ x: '' }]],
]

/** Every operator with every value; with two, each and the one after it. */
const filters = values.flatMap((value, index) => {
  const next = values[(index + 1) % values.length]
  return [
    ...['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'].map((operator) => ({ f: { [operator]: value } })),
    ...[{ $in: [value, next] }, { $nin: [value, next] }, { $gte: value, $lte: next }].map((f) => ({ f })),
    ...[{ 'f.x': value }, { 'f.0': value }, { $or: [{ f: value }, { f: next }] }],
  ]
})

/** What a filter finds, and what is counted. */
async function answerOf(store: DocumentStore, filter: object): Promise<string> {
  const items = store.collection('values')
  const found = await items.find(filter).sort({ _id: 1 }).toArray()
  return `${shown(filter)}: ${found.map(({ _id }) => _id).join(' ')}, ${await items.countDocuments(filter)}`
}

describe('filters over values of every type', () => {
  let reference: readonly string[]
  const lanes: DocumentLane[] = []
  const ask = async (name: LaneName): Promise<readonly string[]> => {
    const lane = await startLane(name)
    lanes.push(lane)
    const store = lane.open()
    await store.collection('values').insertMany([...values.map((f, _id) => ({ _id, f })), { _id: 'none' }])
    const answers: string[] = []
    for (const filter of filters) answers.push(await answerOf(store, filter))
    return answers
  }
  beforeAll(async () => {
    reference = await ask('memory')
  })
  afterAll(async () => {
    for (const lane of lanes) await lane.close()
  })

  it.each(laneNames.filter((name) => name !== 'memory'))('find on %s what they find in memory', async (name) => {
    expect(await ask(name)).toEqual(reference)
  })
})
