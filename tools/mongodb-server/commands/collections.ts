import { CommandError } from '../command-error.ts'
import type { Command } from '../wire.ts'
import { collectionOf, namespaceOf, type Run, type Target } from './target.ts'

const names = async ({ store }: Target): Promise<readonly string[]> => store.listCollections()

const create: Run = async (command, { store }) => {
  const isNew = await store.createCollection(command['create'] as string)
  if (!isNew) throw new CommandError('NamespaceExists', `collection ${namespaceOf(command)} already exists`)
  return { ok: 1 }
}

const drop: Run = async (command, { store }) => {
  const wasThere = await store.dropCollection(command['drop'] as string)
  if (!wasThere) throw new CommandError('NamespaceNotFound', 'ns not found')
  return { ns: namespaceOf(command), ok: 1 }
}

const dropDatabase: Run = async (command, target) => {
  for (const name of await names(target)) await target.store.dropCollection(name)
  return { dropped: command['$db'], ok: 1 }
}

const listCollections: Run = async (command, target) => {
  const wanted = (command['filter'] as Command | undefined)?.['name']
  const all = (await names(target)).filter((name) => wanted === undefined || name === wanted)
  const rows = all.map((name) => ({ name, type: 'collection', options: {}, info: { readOnly: false } }))
  return target.cursors.open(`${String(command['$db'])}.$cmd.listCollections`, rows, {
    ...(command['cursor'] as Command | undefined),
    singleBatch: true,
  })
}

const createIndexes: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  const before = (await collection.listIndexes()).length
  for (const { key, v: _version, ...options } of command['indexes'] as Command[]) {
    await collection.createIndex(key as never, options)
  }
  return { numIndexesBefore: before, numIndexesAfter: (await collection.listIndexes()).length, ok: 1 }
}

const listIndexes: Run = async (command, target) => {
  if (!(await names(target)).includes(command['listIndexes'] as string)) {
    throw new CommandError('NamespaceNotFound', `ns does not exist: ${namespaceOf(command)}`)
  }
  const indexes = await collectionOf(command, target).listIndexes()
  const rows = indexes.map(({ key, name, unique, sparse, partialFilterExpression, expireAfterSeconds }) => ({
    v: 2,
    key: Object.fromEntries(key),
    name,
    ...(unique === true && name !== '_id_' && { unique }),
    ...(sparse === true && { sparse }),
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
  }))
  return target.cursors.open(namespaceOf(command), rows, { singleBatch: true })
}

const dropIndexes: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  const index = command['index']
  const all = (await collection.listIndexes()).map(({ name }) => name).filter((name) => name !== '_id_')
  const doomed = index === '*' ? all : [index as string].flat()
  for (const name of doomed) {
    if (!(await collection.dropIndex(name)))
      throw new CommandError('IndexNotFound', `index not found with name [${name}]`)
  }
  return { nIndexesWas: all.length + 1, ok: 1 }
}

const collStats: Run = async (command, target) => ({
  ns: namespaceOf(command),
  count: await collectionOf(command, target).countDocuments(),
  ok: 1,
})

export const collections: Readonly<Record<string, Run>> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  createIndexes,
  listIndexes,
  dropIndexes,
  collStats,
}
