import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../../src/core/errors.ts'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { AggregationPipeline } from '../../src/nosql/builder/pipeline-builder.ts'
import { DocumentQueryBuilder } from '../../src/nosql/builder/query-builder.ts'
import { fromUserInput } from '../../src/nosql/client-filter/client-filter.ts'
import type { Collection } from '../../src/nosql/collection/collection.ts'
import { defineCollection } from '../../src/nosql/contract/define-collection.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { AddField } from '../../src/nosql/migration/field-operations.ts'
import { CreateIndex } from '../../src/nosql/migration/index-operations.ts'
import { MigrationManager } from '../../src/nosql/migration/manager.ts'
import { RunScript } from '../../src/nosql/migration/run-script.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { DocumentRepository } from '../../src/nosql/repository/repository.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'

class Things extends DocumentRepository<Document> {
  protected readonly collectionName = 'things'
  protected documentToEntity(document: Document): Document {
    return document
  }
  protected entityToDocument(entity: Document): Document {
    return entity
  }
}

class Thing {
  readonly a = 1
}

const unreadable = new Proxy(
  {},
  {
    getPrototypeOf() {
      throw new Error('not for you')
    },
  },
)

/** What can stand in the place of a plain object, by what a message calls it. */
const shapes: Readonly<Record<string, unknown>> = {
  null: null,
  'a number': 7,
  'a string': 'text',
  'a boolean': true,
  'a symbol': Symbol('x'),
  'a function': () => ({ a: 1 }),
  'an array': [{ a: 1 }],
  'a Map': new Map([['a', 1]]),
  'a Set': new Set(['a']),
  'a Date': new Date(0),
  'a RegExp': /a/,
  'a promise': Promise.resolve({ a: 1 }),
  'an instance of a class': new Thing(),
  'a URLSearchParams': new URLSearchParams('a=1'),
  'an object that cannot be read': unreadable,
}

interface Argument {
  readonly of: string
  readonly name: RegExp
  readonly call: (value: never) => unknown
  /** Shapes that are right here. */
  readonly takes?: readonly string[]
}

const open = () => createDocumentStore(memory({ aggregation: aggregation() }))
const items = (): Collection => open().collection('things')
const things = () => new Things(open())
const manager = () => new MigrationManager({ store: open(), dbName: 'x' })
const set = { $set: { a: 1 } }

const filterOf = (of: string, call: (collection: Collection, filter: never) => unknown): Argument => ({
  of: `collection.${of}, the filter`,
  name: /^a filter /,
  call: (value) => call(items(), value),
})
const optionsOf = (of: string, call: (collection: Collection, options: never) => unknown): Argument => ({
  of: `collection.${of}, options`,
  name: /^options /,
  call: (value) => call(items(), value),
})
const sortOf = (
  of: string,
  call: (collection: Collection, options: { readonly sort: never }) => unknown,
): Argument => ({
  of: `collection.${of}, the sort`,
  name: /^a sort |^a key of a sort /,
  call: (sort) => call(items(), { sort }),
  takes: ['a Map', 'a string'],
})

const filters = [
  filterOf('find', (c, f) => c.find(f).toArray()),
  filterOf('findOne', (c, f) => c.findOne(f)),
  filterOf('findPage', (c, f) => c.findPage(f)),
  filterOf('updateOne', (c, f) => c.updateOne(f, set)),
  filterOf('updateMany', (c, f) => c.updateMany(f, set)),
  filterOf('replaceOne', (c, f) => c.replaceOne(f, {})),
  filterOf('deleteOne', (c, f) => c.deleteOne(f)),
  filterOf('deleteMany', (c, f) => c.deleteMany(f)),
  filterOf('findOneAndUpdate', (c, f) => c.findOneAndUpdate(f, set)),
  filterOf('findOneAndReplace', (c, f) => c.findOneAndReplace(f, {})),
  filterOf('findOneAndDelete', (c, f) => c.findOneAndDelete(f)),
  filterOf('countDocuments', (c, f) => c.countDocuments(f)),
  filterOf('distinct', (c, f) => c.distinct('a', f)),
  filterOf('explain', (c, f) => c.explain(f)),
  filterOf('bulkWrite', (c, filter) => c.bulkWrite([{ deleteOne: { filter } }])),
  filterOf('createIndex, partial', (c, f) => c.createIndex('a', { partialFilterExpression: f })),
  filterOf('find, $and', (c, f) => c.find({ $and: [f] }).toArray()),
]
const options = [
  optionsOf('insertOne', (c, o) => c.insertOne({}, o)),
  optionsOf('insertMany', (c, o) => c.insertMany([{}], o)),
  optionsOf('find', (c, o) => c.find({}, o).toArray()),
  optionsOf('find, chained', (c, o) => c.find({}, o).limit(1).toArray()),
  optionsOf('findOne', (c, o) => c.findOne({}, o)),
  optionsOf('findPage', (c, o) => c.findPage({}, o)),
  optionsOf('updateOne', (c, o) => c.updateOne({}, set, o)),
  optionsOf('updateMany', (c, o) => c.updateMany({}, set, o)),
  optionsOf('replaceOne', (c, o) => c.replaceOne({}, {}, o)),
  optionsOf('deleteOne', (c, o) => c.deleteOne({}, o)),
  optionsOf('deleteMany', (c, o) => c.deleteMany({}, o)),
  optionsOf('findOneAndUpdate', (c, o) => c.findOneAndUpdate({}, set, o)),
  optionsOf('findOneAndReplace', (c, o) => c.findOneAndReplace({}, {}, o)),
  optionsOf('findOneAndDelete', (c, o) => c.findOneAndDelete({}, o)),
  optionsOf('bulkWrite', (c, o) => c.bulkWrite([{ insertOne: { document: {} } }], o)),
  optionsOf('countDocuments', (c, o) => c.countDocuments({}, o)),
  optionsOf('estimatedDocumentCount', (c, o) => c.estimatedDocumentCount(o)),
  optionsOf('distinct', (c, o) => c.distinct('a', {}, o)),
  optionsOf('aggregate', (c, o) => c.aggregate([], o).toArray()),
  optionsOf('createIndex', (c, o) => c.createIndex('a', o)),
  optionsOf('explain', (c, o) => c.explain({}, o)),
  optionsOf('rename', (c, o) => c.rename('b', o)),
  optionsOf('createIndexes', (c, o) => c.createIndexes([{ key: 'a' }], o)),
  optionsOf('dropIndex', (c, o) => c.dropIndex('a_1', o)),
  optionsOf('dropIndexes', (c, o) => c.dropIndexes(o)),
  optionsOf('listIndexes', (c, o) => c.listIndexes(o)),
  optionsOf('drop', (c, o) => c.drop(o)),
  optionsOf('watch', (c, o) => c.watch(o)),
]
const sorts = [
  sortOf('find', (c, o) => c.find({}, o).toArray()),
  sortOf('find().sort', (c, o) => c.find().sort(o.sort).toArray()),
  sortOf('findOne', (c, o) => c.findOne({}, o)),
  sortOf('findPage', (c, o) => c.findPage({}, o)),
  sortOf('updateOne', (c, o) => c.updateOne({}, set, o)),
  sortOf('replaceOne', (c, o) => c.replaceOne({}, {}, o)),
  sortOf('findOneAndUpdate', (c, o) => c.findOneAndUpdate({}, set, o)),
  sortOf('findOneAndReplace', (c, o) => c.findOneAndReplace({}, {}, o)),
  sortOf('findOneAndDelete', (c, o) => c.findOneAndDelete({}, o)),
  sortOf('bulkWrite', (c, o) => c.bulkWrite([{ updateOne: { filter: {}, update: set, ...o } }])),
  sortOf('explain', (c, o) => c.explain({}, o)),
]

const list = { takes: ['an array'] }
const collections: readonly Argument[] = [
  { of: 'collection.insertOne', name: /^a document /, call: (v) => items().insertOne(v) },
  { of: 'collection.insertMany, a document', name: /^a document /, call: (v) => items().insertMany([v]) },
  { of: 'collection.insertMany', name: /^the documents of insertMany /, call: (v) => items().insertMany(v), ...list },
  { of: 'collection.updateOne', name: /^an update /, call: (v) => items().updateOne({}, v), ...list },
  { of: 'collection.updateMany', name: /^an update /, call: (v) => items().updateMany({}, v), ...list },
  { of: 'collection.findOneAndUpdate', name: /^an update /, call: (v) => items().findOneAndUpdate({}, v), ...list },
  { of: 'collection.updateOne, an operator', name: /^\$set /, call: (v) => items().updateOne({}, { $set: v }) },
  { of: 'collection.replaceOne', name: /^a replacement /, call: (v) => items().replaceOne({}, v) },
  { of: 'collection.findOneAndReplace', name: /^a replacement /, call: (v) => items().findOneAndReplace({}, v) },
  { of: 'collection.bulkWrite', name: /^the operations of a bulk write /, call: (v) => items().bulkWrite(v), ...list },
  { of: 'collection.bulkWrite, one', name: /^operation 0 of a bulk write /, call: (v) => items().bulkWrite([v]) },
  {
    of: 'collection.bulkWrite, a body',
    name: /^deleteOne of operation 0 /,
    call: (deleteOne) => items().bulkWrite([{ deleteOne }]),
  },
  {
    of: 'collection.bulkWrite, insertOne',
    name: /^insertOne of operation 0 /,
    call: (insertOne) => items().bulkWrite([{ insertOne }]),
  },
  {
    of: 'collection.find, the projection',
    name: /^a projection /,
    call: (projection) => items().find({}, { projection }).toArray(),
  },
  { of: 'find().project', name: /^a projection /, call: (projection) => items().find().project(projection).toArray() },
  {
    of: 'collection.findOneAndDelete, the projection',
    name: /^a projection /,
    call: (projection) => items().findOneAndDelete({}, { projection }),
  },
  { of: 'collection.find, let', name: /^'let' /, call: (v) => items().find({}, { let: v }).toArray() },
  { of: 'collection.find, budget', name: /^'budget' /, call: (budget) => items().find({}, { budget }).toArray() },
  { of: 'collection.find, signal', name: /^'signal' /, call: (signal) => items().find({}, { signal }).toArray() },
  { of: 'collection.aggregate', name: /^a pipeline /, call: (v) => items().aggregate(v).toArray(), ...list },
  { of: 'collection.aggregate, a stage', name: /^a stage /, call: (v) => items().aggregate([v]).toArray() },
  {
    of: 'collection.updateOne, arrayFilters',
    name: /^'arrayFilters' /,
    call: (arrayFilters) => items().updateOne({}, set, { arrayFilters }),
    ...list,
  },
  {
    of: 'collection.createIndex',
    name: /^the keys of an index /,
    call: (v) => items().createIndex(v),
    takes: ['a string', 'an array'],
  },
  { of: 'collection.createIndexes', name: /^the indexes /, call: (v) => items().createIndexes(v), ...list },
  { of: 'collection.createIndexes, one', name: /^an index /, call: (v) => items().createIndexes([v]) },
  {
    of: 'collection.dropIndex',
    name: /^the name of an index /,
    call: (v) => items().dropIndex(v),
    takes: ['a string'],
  },
  { of: 'cursor.forEach', name: /forEach /, call: (v) => items().find().forEach(v), takes: ['a function'] },
  { of: 'cursor.map', name: /map /, call: (v) => items().find().map(v).toArray(), takes: ['a function'] },
]

const stores: readonly Argument[] = [
  {
    of: 'createDocumentStore, options',
    name: /^the options of a store /,
    call: (v) => createDocumentStore(memory(), v),
  },
  { of: 'createDocumentStore, the driver', name: /^the driver of a store /, call: (v) => createDocumentStore(v) },
  { of: 'memory', name: /^the options of memory /, call: (v) => memory(v) },
  { of: 'memory, aggregation', name: /^'aggregation' /, call: (v) => memory({ aggregation: v }) },
  { of: 'memory, snapshot', name: /^'snapshot' /, call: (v) => memory({ snapshot: v }) },
  {
    of: 'store.transaction',
    name: /^the work of a transaction /,
    call: (v) => open().transaction(v),
    takes: ['a function'],
  },
  { of: 'store.transaction, options', name: /^options /, call: (v) => open().transaction(async () => 1, v) },
  { of: 'store.listCollections, options', name: /^options /, call: (v) => open().listCollections(v) },
  { of: 'store.createCollection, options', name: /^options /, call: (v) => open().createCollection('a', v) },
  { of: 'store.dropCollection, options', name: /^options /, call: (v) => open().dropCollection('a', v) },
  { of: 'store.renameCollection, options', name: /^options /, call: (v) => open().renameCollection('a', 'b', v) },
  {
    of: 'session.withTransaction, options',
    name: /^options /,
    call: (v) => open().withSession((session) => session.withTransaction(async () => 1, v)),
  },
  {
    of: 'store.collection, a declaration',
    name: /^a collection must be what defineCollection returns/,
    call: (v) => open().collection(v),
    takes: ['null', 'a number', 'a string', 'a boolean', 'a symbol', 'a function'],
  },
  {
    of: 'store.createCollection, a declaration',
    name: /^a collection must be what defineCollection returns/,
    call: (v) => open().createCollection(v),
    takes: ['null', 'a number', 'a string', 'a boolean', 'a symbol', 'a function'],
  },
  { of: 'defineCollection', name: /^the declaration of a collection /, call: (v) => defineCollection('a', v) },
  { of: 'defineCollection, fields', name: /^'fields' /, call: (fields) => defineCollection('a', { fields }) },
  {
    of: 'defineCollection, indexes',
    name: /^'indexes' /,
    call: (indexes) => defineCollection('a', { indexes }),
    ...list,
  },
  {
    of: 'defineCollection, an index',
    name: /^a declared index /,
    call: (v) => defineCollection('a', { indexes: [v] }),
  },
  { of: 'fromUserInput, the filter', name: /^a filter /, call: (v) => fromUserInput(v) },
  { of: 'fromUserInput, options', name: /^options /, call: (v) => fromUserInput({}, v) },
]

const repositories: readonly Argument[] = [
  { of: 'a repository, options', name: /^the options of a repository /, call: (v) => new Things(open(), v) },
  {
    of: 'a repository, timestamps',
    name: /^'timestamps' /,
    call: (timestamps) => new Things(open(), { timestamps }),
    takes: ['a boolean'],
  },
  {
    of: 'a repository, version',
    name: /^'version' /,
    call: (version) => new Things(open(), { version }),
    takes: ['a boolean', 'a string'],
  },
  { of: 'a repository, tenant', name: /^'tenant' /, call: (tenant) => new Things(open(), { tenant }) },
  { of: 'repository.find, options', name: /^options /, call: (v) => things().find('a', v) },
  { of: 'repository.get, options', name: /^options /, call: (v) => things().get('a', v) },
  { of: 'repository.list, options', name: /^options /, call: (v) => things().list(v) },
  { of: 'repository.findByFilter', name: /^a filter /, call: (v) => things().findByFilter(v) },
  { of: 'repository.findByFilter, options', name: /^options /, call: (v) => things().findByFilter({}, v) },
  { of: 'repository.findBySpec', name: /^a specification /, call: (v) => things().findBySpec(v) },
  { of: 'repository.page, where', name: /^a condition /, call: (where) => things().page({ where }) },
  { of: 'repository.page, options', name: /^options /, call: (v) => things().page(v) },
  { of: 'repository.count', name: /^a condition /, call: (v) => things().count(v) },
  { of: 'repository.count, options', name: /^options /, call: (v) => things().count({}, v) },
  { of: 'repository.exists, options', name: /^options /, call: (v) => things().exists('a', v) },
  { of: 'repository.aggregate', name: /^a pipeline /, call: (v) => things().aggregate(v).toArray(), ...list },
  { of: 'repository.aggregate, options', name: /^options /, call: (v) => things().aggregate([], v).toArray() },
  {
    of: 'repository.save',
    name: /^an entity must be an object|^what entityToDocument returns /,
    call: (v) => things().save(v),
    takes: ['a promise'],
  },
  { of: 'repository.saveMany', name: /^the entities /, call: (v) => things().saveMany(v), ...list },
  {
    of: 'repository.saveMany, one',
    name: /^an entity must be an object|^what entityToDocument returns /,
    call: (v) => things().saveMany([v]),
    takes: ['a promise'],
  },
  { of: 'repository.delete, options', name: /^options /, call: (v) => things().delete('a', v) },
  { of: 'repository.deleteMany', name: /^the ids /, call: (v) => things().deleteMany(v), ...list },
  { of: 'repository.deleteMany, options', name: /^options /, call: (v) => things().deleteMany([], v) },
]

const migrations: readonly Argument[] = [
  { of: 'MigrationManager', name: /^the options of a migration manager /, call: (v) => new MigrationManager(v) },
  {
    of: 'MigrationManager, the store',
    name: /^the store of a migration manager /,
    call: (store) => new MigrationManager({ store, dbName: 'x' }),
  },
  { of: 'manager.add', name: /^a migration /, call: (v) => manager().add(v) },
  { of: 'manager.add, options', name: /^options /, call: (v) => manager().add(new CreateIndex('a', 'b'), v) },
  { of: 'manager.apply', name: /^options /, call: (v) => manager().apply(v) },
  { of: 'manager.rollback', name: /^options /, call: (v) => manager().rollback(v) },
  { of: 'AddField, options', name: /^options /, call: (v) => new AddField('a', 'b', v) },
  { of: 'CreateIndex, options', name: /^options /, call: (v) => new CreateIndex('a', 'b', v) },
  { of: 'RunScript', name: /^a migration script /, call: (v) => new RunScript('a', v), takes: ['a function'] },
  { of: 'RunScript, options', name: /^options /, call: (v) => new RunScript('a', async () => undefined, v) },
]

const query = () => new DocumentQueryBuilder()
const pipeline = () => new AggregationPipeline()
const expressions = ['null', 'null', 'a number', 'a string', 'a boolean', 'an array', 'a Date']
const builders: readonly Argument[] = [
  { of: 'query.andWhere', name: /^a condition /, call: (v) => query().andWhere(v) },
  { of: 'query.orWhere', name: /^a condition /, call: (v) => query().orWhere({}, v) },
  { of: 'query.whereType', name: /^the type /, call: (v) => query().whereType('a', v), takes: ['a string'] },
  { of: 'query.whereRegex', name: /^the pattern /, call: (v) => query().whereRegex('a', v), takes: ['a string'] },
  { of: 'pipeline.match', name: /^a condition /, call: (v) => pipeline().match(v) },
  { of: 'pipeline.group, accumulators', name: /^the accumulators of group /, call: (v) => pipeline().group('a', v) },
  {
    of: 'pipeline.group, the key',
    name: /^the key of group /,
    call: (v) => pipeline().group(v, {}),
    takes: expressions,
  },
  {
    of: 'pipeline.sort',
    name: /^a sort |^a key of a sort /,
    call: (v) => pipeline().sort(v),
    takes: ['a Map', 'a string'],
  },
  { of: 'pipeline.project', name: /^the fields of project /, call: (v) => pipeline().project(v) },
  { of: 'pipeline.addFields', name: /^the fields of addFields /, call: (v) => pipeline().addFields(v) },
  { of: 'pipeline.unset', name: /^a field of unset /, call: (v) => pipeline().unset(v), takes: ['a string'] },
  { of: 'pipeline.unwind', name: /^the path of unwind /, call: (v) => pipeline().unwind(v), takes: ['a string'] },
  { of: 'pipeline.unwind, options', name: /^options /, call: (v) => pipeline().unwind('a', v) },
  { of: 'pipeline.lookup', name: /^the stage of lookup /, call: (v) => pipeline().lookup(v) },
  {
    of: 'pipeline.lookup, the pipeline',
    name: /^a pipeline |^a stage /,
    call: (v) => pipeline().lookup({ from: 'b', as: 'c', pipeline: v }),
  },
  { of: 'pipeline.facet', name: /^the facets /, call: (v) => pipeline().facet(v) },
  { of: 'pipeline.bucket', name: /^the stage of bucket /, call: (v) => pipeline().bucket(v) },
  { of: 'pipeline.bucketAuto', name: /^the stage of bucketAuto /, call: (v) => pipeline().bucketAuto(v) },
  {
    of: 'pipeline.replaceRoot',
    name: /^the new root /,
    call: (v) => pipeline().replaceRoot(v),
    takes: expressions,
  },
  {
    of: 'pipeline.unionWith',
    name: /^the collection of unionWith /,
    call: (v) => pipeline().unionWith(v),
    takes: ['a string'],
  },
  { of: 'pipeline.stage', name: /^a stage /, call: (v) => pipeline().stage(v) },
]

const all = [...filters, ...options, ...sorts, ...collections, ...stores, ...repositories, ...migrations, ...builders]
const cases = all.flatMap((argument) =>
  Object.entries(shapes)
    .filter(([shape]) => argument.takes?.includes(shape) !== true)
    .map(([shape, value]) => ({ ...argument, shape, value })),
)

async function failure(work: () => unknown): Promise<unknown> {
  try {
    await work()
    return 'nothing was refused'
  } catch (error) {
    return error
  }
}

describe('An argument of the wrong shape is refused by an error that names it and what it was', () => {
  it.each(cases)('$of: $shape', async ({ call, value, name, shape }) => {
    const error = await failure(() => call(value as never))
    expect(isLexigramError(error) ? error.message : error).toMatch(
      shape === 'an object that cannot be read' ? / / : name,
    )
    // A list in the place of a document has documents: the first of its elements may be what is wrong.
    if (
      isLexigramError(error) &&
      shape !== 'an object that cannot be read' &&
      !(shape === 'an array' && /^a key of a sort|^a stage/.test(error.message))
    )
      expect(error.message).toContain(`, not ${shape}`)
  })
})

/** Where options are taken, with one that does not exist. */
const boundaries: Readonly<Record<string, (options: never) => unknown>> = Object.fromEntries(
  all
    .filter(({ of }) => / options$|^memory$|^MigrationManager$|^manager\.(?:apply|rollback)$/.test(of))
    .map(({ of, call }) => [of, call]),
)

describe('An option that does not exist is refused', () => {
  it.each(Object.entries(boundaries))('%s', async (_of, call) => {
    const error = await failure(() => call({ nonsense: 1 } as never))
    expect(isLexigramError(error) ? error.message : error).toMatch(/'nonsense'/)
  })

  it.each<[string, (store: DocumentStore) => unknown, string]>([
    [
      'find',
      (store) =>
        store
          .collection('a')
          .find({}, { limmit: 1 } as object)
          .toArray(),
      'limit',
    ],
    ['updateOne', (store) => store.collection('a').updateOne({}, set, { upsrt: true } as object), 'upsert'],
    ['transaction', (store) => store.transaction(async () => 1, { attemps: 1 } as object), 'attempts'],
    ['a repository', (store) => new Things(store, { softDelet: true } as object), 'softDelete'],
  ])('a refusal names the option that was meant: %s', async (_name, call, meant) => {
    const error = await failure(() => call(open()))
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', hint: `Did you mean ${meant}?` })
  })
})

/** Each thing that has methods, and those of them that end it: they have to, also as listeners, whatever an event tells them. */
const callables: Readonly<Record<string, readonly [make: () => object | Promise<object>, ends: readonly string[]]>> = {
  'a store': [open, ['disconnect']],
  'a collection': [items, []],
  'a cursor': [() => items().find(), ['close']],
  'a cursor of a pipeline': [() => items().aggregate([]), ['close']],
  'a stream of changes': [() => items().watch(), ['close']],
  'a session': [() => open().startSession(), ['endSession']],
  'a repository': [things, []],
}
/** Not for callers. */
const inner = new Set(['constructor', 'confined', 'enter', 'assertUnread', 'documentToEntity', 'entityToDocument'])

/** The names of what can be called on an object, its classes included. */
function methodsOf(thing: object): readonly string[] {
  const names = new Set<string>()
  for (let at: unknown = thing; at instanceof Object && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && !inner.has(name)) names.add(name)
  return [...names]
}

describe('An argument that a method does not read is refused', () => {
  it.each(Object.entries(callables))(
    'each method of %s refuses an argument that it does not read',
    async (_name, [make, ends]) => {
      const methods = methodsOf(await make())
      expect(methods.length).toBeGreaterThan(1)
      const ignored: string[] = []
      for (const method of methods) {
        const thing = await make()
        const call = Reflect.get(thing, method) as (...given: readonly unknown[]) => unknown
        const error = await failure(() =>
          Reflect.apply(call, thing, [undefined, undefined, undefined, () => undefined]),
        )
        const refused = isLexigramError(error) && /must have (?:no|at most .*) arguments?, not 4$/.test(error.message)
        if (!refused) ignored.push(method)
      }
      expect(ignored).toEqual(ends)
    },
  )

  it('the refusal of a callback says to await the result', async () => {
    const insert = Reflect.get(items(), 'insertOne') as (...given: readonly unknown[]) => Promise<unknown>
    await expect(Reflect.apply(insert, items(), [{ _id: 1 }, {}, () => undefined])).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: 'insertOne must have at most 2 arguments, not 3',
      hint: 'It calls nobody back: await what it returns.',
    })
  })
})
