import type { Collection } from '../../../src/nosql/collection/collection.ts'
import type { UpdateResult } from '../../../src/nosql/collection/results.ts'
import { errorFields, toCommandError } from '../command-error.ts'
import type { Command, Reply } from '../wire.ts'
import { collectionOf, optionsOf, type Run } from './target.ts'

/** Does the statements of a write command one by one and stops at the first refused one where they are ordered. */
async function statements<T>(command: Command, all: readonly T[], run: (one: T, index: number) => Promise<void>) {
  const writeErrors: Reply[] = []
  for (const [index, one] of all.entries()) {
    try {
      await run(one, index)
    } catch (error) {
      const failure = toCommandError(error)
      // A conflict ends the command: its transaction has to begin again.
      if (failure.codeName === 'WriteConflict') throw failure
      writeErrors.push({ index, ...errorFields(failure) })
      if (command['ordered'] !== false) break
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors }
}

const insert: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  let n = 0
  const errors = await statements(command, command['documents'] as Command[], async (document) => {
    await collection.insertOne(document as never)
    n += 1
  })
  return { n, ...errors, ok: 1 }
}

const update: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  const [counts, upserted]: [{ n: number; nModified: number }, Reply[]] = [{ n: 0, nModified: 0 }, []]
  const errors = await statements(command, command['updates'] as Command[], async (statement, index) => {
    const result = await updateBy(collection, statement, command)
    counts.n += result.matchedCount + result.upsertedCount
    counts.nModified += result.modifiedCount
    if (result.upsertedCount > 0) upserted.push({ index, _id: result.upsertedId })
  })
  return { ...counts, ...(upserted.length > 0 && { upserted }), ...errors, ok: 1 }
}

function updateBy(collection: Collection, statement: Command, command: Command): Promise<UpdateResult> {
  const options = {
    ...optionsOf(command, ['let']),
    ...optionsOf(statement, ['upsert', 'arrayFilters', 'sort']),
  } as never
  const [filter, change] = [statement['q'] as never, statement['u'] as never]
  if (statement['multi'] === true) return collection.updateMany(filter, change, options)
  return isReplacement(change)
    ? collection.replaceOne(filter, change, options)
    : collection.updateOne(filter, change, options)
}

const remove: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  let n = 0
  const errors = await statements(command, command['deletes'] as Command[], async ({ q, limit }) => {
    const options = optionsOf(command, ['let']) as never
    const { deletedCount } = await (Number(limit) === 1
      ? collection.deleteOne(q as never, options)
      : collection.deleteMany(q as never, options))
    n += deletedCount
  })
  return { n, ...errors, ok: 1 }
}

const findAndModify: Run = async (command, target) => {
  const collection = collectionOf(command, target)
  const filter = (command['query'] ?? {}) as never
  const shared = {
    ...optionsOf(command, ['sort', 'let']),
    ...(command['fields'] !== undefined && { projection: command['fields'] }),
  }
  if (command['remove'] === true) {
    const value = await collection.findOneAndDelete(filter, shared as never)
    return { lastErrorObject: { n: value === null ? 0 : 1 }, value, ok: 1 }
  }
  const change = command['update'] as never
  const before = await collection.findOne(filter, optionsOf(command, ['sort']))
  const options = {
    ...shared,
    ...optionsOf(command, ['upsert', 'arrayFilters']),
    returnDocument: command['new'] === true ? 'after' : 'before',
  } as never
  const value = isReplacement(change)
    ? await collection.findOneAndReplace(filter, change, options)
    : await collection.findOneAndUpdate(filter, change, options)
  const isUpsert = before === null && command['upsert'] === true
  const upserted = isUpsert && command['new'] === true && value !== null ? { upserted: value['_id'] } : {}
  const n = before !== null || isUpsert ? 1 : 0
  return { lastErrorObject: { n, updatedExisting: before !== null, ...upserted }, value, ok: 1 }
}

function isReplacement(change: unknown): boolean {
  return !Array.isArray(change) && !Object.keys(change as object).some((key) => key.startsWith('$'))
}

export const writes: Readonly<Record<string, Run>> = { insert, update, delete: remove, findAndModify }
