import { describe, expect, it } from 'vitest'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { memory } from '../../drivers/memory/memory-driver.ts'
import { aggregation } from '../engine.ts'

async function aggregate(pipeline: readonly Readonly<Record<string, unknown>>[]): Promise<unknown[]> {
  const store: DocumentStore = createDocumentStore(memory({ aggregation: aggregation() }))
  const items = store.collection('items')
  await items.insertOne({ _id: 1, a: 10 })
  return items.aggregate(pipeline).toArray()
}

const project = (name: unknown) => ({ $project: { a: 1, m: { $meta: name } } })

describe('$meta', () => {
  it.each([
    ['indexKey'],
    ['randVal'],
    ['searchHighlights'],
    ['searchScore'],
    ['searchScoreDetails'],
    ['searchSequenceToken'],
    ['vectorSearchScore'],
  ])('is missing for %s, which nothing has made', async (name) => {
    expect(await aggregate([project(name)])).toEqual([{ _id: 1, a: 10 }])
    expect(await aggregate([{ $facet: { x: [project(name)] } }])).toEqual([{ x: [{ _id: 1, a: 10 }] }])
  })

  it.each([
    ['a query that could use an index', [{ $match: { a: 10 } }, project('indexKey')]],
    ['one within', [{ $match: { a: 10 } }, { $facet: { x: [project('indexKey')] } }]],
    ['a joined collection', [{ $unionWith: { coll: 'items', pipeline: [project('indexKey')] } }]],
    ['a sample', [{ $sample: { size: 1 } }, project('randVal')]],
    ['places of a server', [project('recordId')]],
  ])('is refused after %s, where MongoDB has something', async (_what, pipeline) => {
    await expect(aggregate(pipeline)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })

  it.each([
    ['textScore', 'Location40218'],
    ['geoNearDistance', 'Location40218'],
    ['nonsense', 'Location17308'],
    ['$a', 'Location17308'],
    [1, 'Location17307'],
    [null, 'Location17307'],
    [{ a: 1 }, 'Location17307'],
  ])('is refused for %j', async (name, reason) => {
    await expect(aggregate([project(name)])).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_007', reason })
  })
})
