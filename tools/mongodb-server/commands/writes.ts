import type { Collection } from '../../../src/nosql/collection/collection.ts'
import type { Document, Value } from '../../../src/nosql/query/value.ts'
import type { FindAndModifyResult, UpdateResult } from '../../../src/nosql/collection/results.ts'
import { statementFields, toCommandError } from '../command-error.ts'
import type { Command, Reply } from '../wire.ts'
import { collectionOf, optionsOf, type Run } from './target.ts'

/** Does the statements of a write command one by one and stops at the first refused one where they are ordered. */
async function statements<T>(
  command: Command,
  all: readonly T[],
  run: (one: T, index: number) => Promise<void>,
): Promise<{ readonly writeErrors?: readonly Reply[] }> {
  const writeErrors: Reply[] = []
  for (const [index, one] of all.entries()) {
    try {
      await run(one, index)
    } catch (error) {
      const failure = toCommandError(error)
      // A conflict ends the command: its transaction has to begin again.
      if (failure.codeName === 'WriteConflict') throw failure
      writeErrors.push({ index, ...statementFields(failure) })
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
  const errors = await statements(command, command['deletes'] as Command[], async (statement) => {
    n += await removeBy(collection, statement, command)
  })
  return { n, ...errors, ok: 1 }
}

async function removeBy(collection: Collection, { q, limit }: Command, command: Command): Promise<number> {
  const options = optionsOf(command, ['let']) as never
  const { deletedCount } = await (Number(limit) === 1
    ? collection.deleteOne(q as never, options)
    : collection.deleteMany(q as never, options))
  return deletedCount
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
  const before = await collection.findOne(filter, optionsOf(command, ['sort', 'let']))
  const isUpsert = before === null && command['upsert'] === true
  const isNew = command['new'] === true
  // The id of an insertion is returned even if its document is not.
  const wanted = isUpsert && !isNew ? optionsOf(command, ['sort', 'let']) : shared
  const options = {
    ...wanted,
    ...optionsOf(command, ['upsert', 'arrayFilters']),
    returnDocument: isNew || isUpsert ? 'after' : 'before',
    includeResultMetadata: true,
  } as never
  const { value, lastErrorObject } = (await (isReplacement(change)
    ? collection.findOneAndReplace(filter, change, options)
    : collection.findOneAndUpdate(filter, change, options))) as unknown as FindAndModifyResult<Document, Value>
  return { lastErrorObject, value: isUpsert && !isNew ? null : value, ok: 1 }
}

function isReplacement(change: unknown): boolean {
  return !Array.isArray(change) && !Object.keys(change as object).some((key) => key.startsWith('$'))
}

/** One statement of `bulkWrite`, which names its collection by a position in `nsInfo`. */
async function runStatement(collection: Collection, statement: Command, command: Command): Promise<Reply> {
  if ('insert' in statement) {
    await collection.insertOne(statement['document'] as never)
    return { n: 1 }
  }
  const { filter: q, updateMods: u, multi } = statement
  if ('delete' in statement) return { n: await removeBy(collection, { q, limit: multi === true ? 0 : 1 }, command) }
  const result = await updateBy(collection, { ...statement, q, u }, command)
  return {
    n: result.matchedCount + result.upsertedCount,
    nModified: result.modifiedCount,
    ...(result.upsertedCount > 0 && { upserted: { _id: result.upsertedId } }),
  }
}

const bulkWrite: Run = async (command, target) => {
  const namespaces = command['nsInfo'] as { ns: string }[]
  const results: Reply[] = []
  const counts = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 }
  const { writeErrors = [] } = await statements(command, command['ops'] as Command[], async (statement, idx) => {
    const { ns } = namespaces[Number(Object.values(statement)[0])] as { ns: string }
    const collection = target.documents.collection(ns.slice(ns.indexOf('.') + 1))
    const done = await runStatement(collection, statement, command)
    const n = Number(done['n'])
    if ('insert' in statement) counts.nInserted += n
    else if ('delete' in statement) counts.nDeleted += n
    else {
      const upserted = done['upserted'] === undefined ? 0 : 1
      counts.nUpserted += upserted
      counts.nMatched += n - upserted
      counts.nModified += Number(done['nModified'])
    }
    results.push({ ok: 1, idx, ...done })
  })
  const failures = writeErrors.map(({ index, ...error }) => ({ ok: 0, idx: index, n: 0, ...error }))
  const rows: Reply[] = [...(command['errorsOnly'] === true ? [] : results), ...failures]
  rows.sort((a, b) => Number(a['idx']) - Number(b['idx']))
  const { cursor } = target.cursors.open('admin.$cmd.bulkWrite', rows, { batchSize: 1000 })
  return { cursor, nErrors: failures.length, ...counts, ok: 1 }
}

export const writes: Readonly<Record<string, Run>> = { insert, update, delete: remove, findAndModify, bulkWrite }
