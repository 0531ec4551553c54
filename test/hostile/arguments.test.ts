import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../../src/core/errors.ts'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { Collection } from '../../src/nosql/collection/collection.ts'
import { Cursor } from '../../src/nosql/collection/reading/cursor.ts'
import { FindCursor } from '../../src/nosql/collection/reading/find.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { fromUserInput } from '../../src/nosql/client-filter/client-filter.ts'
import { AggregationPipeline } from '../../src/nosql/builder/pipeline-builder.ts'
import { DocumentQueryBuilder } from '../../src/nosql/builder/query-builder.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { DocumentRepository } from '../../src/nosql/repository/repository.ts'
import {
  and,
  fieldContains,
  fieldEq,
  fieldExists,
  fieldGt,
  fieldIn,
  fieldStartsWith,
  not,
  or,
} from '../../src/core/specification/index.ts'

class Things extends DocumentRepository<Document, number> {
  protected readonly collectionName = 'things'
  protected documentToEntity(document: Document): Document {
    return document
  }
  protected entityToDocument(entity: Document): Document {
    return entity
  }
}

const junk: readonly unknown[] = [
  null,
  undefined,
  7,
  'x',
  true,
  Symbol('x'),
  () => 1,
  [],
  {},
  [null],
  [7],
  { x: null },
  new Map(),
]

type Call = (...values: readonly unknown[]) => unknown
const methodsOf = (prototype: object): readonly string[] =>
  Object.getOwnPropertyNames(prototype).filter(
    (name) => name !== 'constructor' && !name.endsWith('ToEntity') && !name.endsWith('ToDocument'),
  )

/** Calls a method, with every argument good but one, and with every argument junk; returns the errors that are not typed. */
async function untyped(target: object, method: string): Promise<string[]> {
  const found: string[] = []
  const call = Reflect.get(target, method) as Call
  for (const value of junk) {
    for (const values of [
      [value],
      [value, value],
      [{}, value],
      ['x', value],
      [{}, {}, value],
      [{}, { $set: { a: 1 } }, value],
      ['x', {}, value],
    ]) {
      try {
        const made: unknown = await Reflect.apply(call, target, values)
        if (typeof made === 'object' && made !== null && 'toArray' in made)
          await Reflect.apply(made.toArray as Call, made, [])
        if (typeof made === 'object' && made !== null && 'build' in made)
          await Reflect.apply(made.build as Call, made, [])
      } catch (error) {
        if (!isLexigramError(error))
          found.push(
            `${method}(${values.map(shown).join(', ')}): ${error instanceof Error ? error.stack?.split('\n').slice(0, 3).join(' ') : typeof error}`,
          )
      }
    }
  }
  return found
}
const shown = (value: unknown): string =>
  typeof value === 'symbol' ? 'symbol' : (JSON.stringify(value) ?? typeof value)

async function openStore(): Promise<DocumentStore> {
  const store = createDocumentStore(memory({ aggregation: aggregation() }))
  await store.collection('things').insertMany([{ _id: 1, n: 1 }])
  return store
}

describe('Arguments of the wrong kind', { timeout: 60_000 }, () => {
  it.each(methodsOf(Collection.prototype))('end in typed errors: collection.%s', async (method) => {
    const store = await openStore()
    expect(await untyped(store.collection('things'), method)).toEqual([])
  })

  it.each(['collection', 'createCollection', 'dropCollection', 'renameCollection', 'transaction'])(
    'end in typed errors: store.%s',
    async (method) => {
      expect(await untyped(await openStore(), method)).toEqual([])
    },
  )

  it.each([...methodsOf(FindCursor.prototype), ...methodsOf(Cursor.prototype)].filter((name) => name !== 'closed'))(
    'end in typed errors: cursor.%s',
    async (method) => {
      const store = await openStore()
      expect(await untyped(store.collection('things').find(), method)).toEqual([])
    },
  )

  it.each(methodsOf(DocumentRepository.prototype))('end in typed errors: repository.%s', async (method) => {
    expect(await untyped(new Things(await openStore()), method)).toEqual([])
  })

  it.each(methodsOf(DocumentQueryBuilder.prototype))('end in typed errors: query builder, %s', async (method) => {
    expect(await untyped(new DocumentQueryBuilder(), method)).toEqual([])
  })

  it.each(methodsOf(AggregationPipeline.prototype))('end in typed errors: pipeline, %s', async (method) => {
    expect(await untyped(new AggregationPipeline(), method)).toEqual([])
  })

  it.each(
    Object.entries({
      and,
      or,
      not,
      fieldEq,
      fieldGt,
      fieldIn,
      fieldContains,
      fieldStartsWith,
      fieldExists,
      fromUserInput,
    }),
  )('end in typed errors: %s', async (name, call) => {
    expect(await untyped({ [name]: call }, name)).toEqual([])
  })
})
