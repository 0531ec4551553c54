/** Filters and updates that are wider than one expression of DynamoDB: 4 KB and 300 operators. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDynamoServer } from '../../../../test/support/dynamo-server.ts'
import { defineCollection } from '../../contract/define-collection.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const { open } = useDynamoServer()

const list = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const deep = 'a.b.c.d.e.f.g.h'
const spec = defineCollection('wide', { fields: { n: 'number', [deep]: 'number' } })
const nested = { b: { c: { d: { e: { f: { g: { h: 5 } } } } } } }

describe('a filter that is wider than an expression', () => {
  beforeAll(async () => {
    await open()
      .collection('wide')
      .insertOne({ _id: 1, n: 5, other: 5, a: nested, list: [5, 'x'] })
  })

  const within = (path: string) => list(100, (at) => ({ [path]: { $gt: at - 0.25, $lt: at + 0.25 } }))
  const filters: Readonly<Record<string, object>> = {
    '100 ranges': { $or: within('n') },
    '100 ranges of a deep field': { $or: within(deep) },
    '100 values of a deep field': { [deep]: { $in: list(100, (at) => at) } },
    '100 values of an undeclared field': { other: { $in: list(100, (at) => at) } },
    '1000 values of an undeclared field': { other: { $in: list(1000, (at) => at) } },
    '100 elements of a list': { list: { $in: list(100, (at) => at) } },
    '150 values of a declared field': { n: { $in: list(150, (at) => at) } },
    '150 booleans, dates and numbers': {
      other: { $in: [true, ...list(74, (at) => new Date(at)), ...list(75, (at) => at)] },
    },
    '101 values of which one is null': { other: { $in: [null, ...list(100, (at) => at)] } },
    '101 texts of a field': { other: { $in: [5, ...list(100, (at) => `${at}`.repeat(9))] } },
    'values that are not among 100': { n: { $nin: list(100, (at) => at + 10) } },
    '200 fields that are missing': { $and: list(200, (at) => ({ [`f${at}`]: { $exists: false } })) },
    '200 fields that are null': { $and: list(200, (at) => ({ [`f${at}`]: null })) },
    '90 fields with names of 200 letters': { $and: list(90, (at) => ({ [`${'f'.repeat(200)}${at}`]: null })) },
  }
  it.each(Object.entries(filters))('%s finds the document', async (_name, filter) => {
    const store = open()
    const found = [store.collection('wide'), store.collection(spec)].map((items) =>
      items.countDocuments(filter as never),
    )
    expect(await Promise.all(found)).toEqual([1, 1])
  })

  it('100 texts of one field are one request of one expression', async () => {
    const { native, residual } = await open()
      .collection('wide')
      .explain({ other: { $in: list(100, String) } })
    expect(JSON.stringify(native)).toContain(' IN (')
    expect(residual).toEqual([])
  })
})

it('An update that is wider than an expression is carried out', async () => {
  const items = open().collection<{ _id: number; a: unknown }>('updated')
  const paths = list(40, (at) => `a.b.c.d.e.f.g.h.i.j.k.l.m.x${at}`)
  await items.insertOne({ _id: 1, a: {} })
  for (const value of [1, 2]) {
    const update = { $set: Object.fromEntries(paths.map((path) => [path, value])) }
    expect((await items.updateOne({ _id: 1 }, update as never)).modifiedCount).toBe(1)
  }
  expect(await items.countDocuments({ [paths[39]!]: 2 })).toBe(1)
})
