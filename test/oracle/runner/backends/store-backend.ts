import { UsageError } from '../../../../src/core/errors.ts'
import type { DocumentStore } from '../../../../src/nosql/store/document-store.ts'
import type { Collection } from '../../../../src/nosql/collection/collection.ts'
import type { Backend, Command, Reply } from '../backend.ts'
import { isRecord } from '../compare.ts'

type Run = (collection: Collection, command: Command, store: DocumentStore) => Promise<Reply>

/** Settings of a server that say nothing about the answer. */
const INERT = new Set([
  'allowDiskUse',
  'bypassDocumentValidation',
  'comment',
  'cursor',
  'maxTimeMS',
  'ordered',
  'batchSize',
])

/** Commands as calls of the public API; what has no counterpart there is handed on as an option, to be refused. */
export function storeBackend(store: DocumentStore): Backend {
  return {
    async command(command) {
      const [name = ''] = Object.keys(command)
      const run = commands[name]
      if (run === undefined) throw new UsageError('There is no such command.')
      // Documents that a pipeline makes itself need no collection, and the API has no other place for a pipeline.
      const target = name === 'aggregate' && command[name] === 1 ? 'none' : command[name]
      return run(store.collection(target as string), command, store)
    },
  }
}

const commands: Readonly<Record<string, Run>> = {
  async aggregate(collection, { pipeline, ...options }) {
    return batch(collection.aggregate(untyped(pipeline), rest(options)), firstBatch(options['cursor']))
  },

  async count(collection, { query = {}, ...options }) {
    return { ok: 1, n: await collection.countDocuments(untyped(query), rest(options)) }
  },

  async create() {
    return { ok: 1 }
  },

  async createIndexes(collection, { indexes }) {
    for (const { key, ...options } of indexes as readonly Command[])
      await collection.createIndex(untyped(key), untyped(options))
    return { ok: 1 }
  },

  async delete(collection, { deletes, ...shared }) {
    let n = 0
    for (const { q, limit, ...options } of deletes as readonly Command[]) {
      const all = { ...rest(shared), ...rest(options), ...refusable('limit', limit, [0, 1, 0n, 1n]) }
      const result =
        Number(limit) === 1 ? await collection.deleteOne(untyped(q), all) : await collection.deleteMany(untyped(q), all)
      n += result.deletedCount
    }
    return { ok: 1, n }
  },

  async distinct(collection, { key, query = {}, ...options }) {
    return { ok: 1, values: await collection.distinct(untyped(key), untyped(query), rest(options)) }
  },

  async find(collection, { filter = {}, ...options }) {
    const given = rest(options)
    // Absent from the command is absent from the call; `null` is a value to be judged.
    return batch(collection.find(untyped(filter), numbers(given)), options['limit'] === undefined ? 101 : Infinity)
  },

  async findAndModify(collection, { query = {}, update, remove, fields, new: after, ...options }) {
    const all = rest(fields === undefined ? options : { ...options, projection: fields })
    if (remove === true) return { ok: 1, value: await collection.findOneAndDelete(untyped(query), all) }
    const changed = { ...all, ...returned(after) }
    const value = isReplacement(update)
      ? await collection.findOneAndReplace(untyped(query), untyped(update), changed)
      : await collection.findOneAndUpdate(untyped(query), untyped(update), changed)
    return { ok: 1, value }
  },

  async insert(collection, { documents, ordered, ...options }) {
    const all = { ...rest(options), ...(ordered === undefined ? {} : { ordered }) }
    const { insertedCount } = await collection.insertMany(untyped(documents), untyped(all))
    return { ok: 1, n: insertedCount }
  },

  async update(collection, { updates, ...shared }) {
    let n = 0
    let nModified = 0
    const upserted: unknown[] = []
    for (const [index, { q, u, multi, ...options }] of (updates as readonly Command[]).entries()) {
      const all = { ...rest(shared), ...rest(options), ...refusable('multi', multi, [undefined, true, false]) }
      const result =
        multi === true
          ? await collection.updateMany(untyped(q), untyped(u), all)
          : isReplacement(u)
            ? await collection.replaceOne(untyped(q), untyped(u), all)
            : await collection.updateOne(untyped(q), untyped(u), all)
      n += result.matchedCount + result.upsertedCount
      nModified += result.modifiedCount
      if (result.upsertedCount > 0) upserted.push({ index, _id: result.upsertedId })
    }
    return { ok: 1, n, nModified, ...(upserted.length > 0 && { upserted }) }
  },
}

/** Cases pass values of all types on purpose; `never` goes wherever the API wants something better. */
function untyped(value: unknown): never {
  return value as never
}

/** What the command allows has its own method; anything else goes where it is refused. */
function refusable(name: string, value: unknown, allowed: readonly unknown[]): Record<string, never> {
  return allowed.includes(value) ? {} : { [name]: untyped(value) }
}

function rest(command: Command): Record<string, never> {
  const entries = Object.entries(command).filter(([name]) => !INERT.has(name) && !(name in commands))
  return Object.fromEntries(entries) as Record<string, never>
}

/** Whole numbers of 64 bits are JavaScript numbers in the API. */
function numbers(options: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  )
}

function returned(after: unknown): object {
  if (after === undefined) return {}
  return { returnDocument: typeof after === 'boolean' ? (after ? 'after' : 'before') : after }
}

function isReplacement(update: unknown): boolean {
  return isRecord(update) && Object.keys(update)[0]?.startsWith('$') !== true
}

function firstBatch(cursor: unknown): number {
  const size = isRecord(cursor) ? cursor['batchSize'] : undefined
  return typeof size === 'number' ? size : 101
}

async function batch(documents: AsyncIterable<unknown>, size: number): Promise<Reply> {
  const all: unknown[] = []
  for await (const document of documents) all.push(document)
  return { ok: 1, cursor: { firstBatch: all.slice(0, size) } }
}
