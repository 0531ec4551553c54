import type { AnyBulkWriteOperation, AnyClientBulkWriteModel } from 'mongodb'
import type { Insert, Modification, ModifyManyResult, WriteContext } from '../../../contract/write.ts'
import type { Value } from '../../../query/value.ts'
import { filterOf, sourceOf, vendorOptionsOf } from '../dialect.ts'
import { idOf, upsertOptions, withIdOfUpsert } from './modify.ts'
import { present } from '../reading/present.ts'
import { callOptions } from '../reading/reads.ts'
import type { Target } from '../transport/target.ts'
import { sendWrite } from '../transport/send.ts'
import { failed, refusalsOf } from './writes.ts'

type Command = Insert | Modification
type Fields = Readonly<Record<string, unknown>>

/** MongoDB 8.0, which takes insertions, updates and deletions in one command. */
const wireVersionOfBulkWrite = 25

/**
 * Several commands in one request. Before MongoDB 8.0, insertions, updates and deletions are separate requests.
 *
 * @returns undefined where a command needs what only a single one can have: an order, or variables
 */
export async function modifyMany(
  target: Target,
  commands: readonly Command[],
  context: WriteContext,
): Promise<ModifyManyResult | undefined> {
  if (commands.some((command) => command.kind === 'modify' && standsAlone(command))) return undefined
  const models = commands.map(modelOf)
  const isMixed = new Set(models.map(({ family }) => family)).size > 1
  const send = isMixed && target.held.wireVersion() >= wireVersionOfBulkWrite ? sendMixed : sendToCollection
  return sendWrite(target, context, (sending) => {
    const options = { ...callOptions(sending, context), ordered: context.ordered }
    return send(target, models, options)
  })
}

function standsAlone({ query, multi }: Modification): boolean {
  const { let: variables, mongodb } = sourceOf(query)
  return (query.sort !== undefined && !multi) || variables !== undefined || mongodb?.comment !== undefined
}

interface Model {
  readonly family: 'insert' | 'update' | 'delete'
  readonly name: 'insertOne' | 'updateOne' | 'updateMany' | 'replaceOne' | 'deleteOne' | 'deleteMany'
  readonly fields: Fields
}

function modelOf(command: Command): Model {
  if (command.kind === 'insert') {
    return { family: 'insert', name: 'insertOne', fields: { document: { ...command.document } } }
  }
  const { comment: _ofTheWhole, ...vendor } = vendorOptionsOf(sourceOf(command.query).mongodb)
  const selection = present({ filter: filterOf(command.query), ...vendor })
  if (command.change === null) {
    return { family: 'delete', name: command.multi ? 'deleteMany' : 'deleteOne', fields: selection }
  }
  const change = withIdOfUpsert(command)
  const name = 'replacement' in change ? 'replaceOne' : command.multi ? 'updateMany' : 'updateOne'
  return { family: 'update', name, fields: { ...selection, ...change, ...upsertOptions(command) } }
}

/** What the vendor counts, under the same names for both of its calls. */
interface Counts {
  readonly matchedCount: number
  readonly modifiedCount: number
  readonly deletedCount: number
}

const nothing: Counts = { matchedCount: 0, modifiedCount: 0, deletedCount: 0 }

type SendOptions = ReturnType<typeof callOptions> & { readonly ordered: boolean }

async function sendToCollection(
  target: Target,
  models: readonly Model[],
  options: SendOptions,
): Promise<ModifyManyResult> {
  // Models are made with the vendor's own names and fields, in `modelOf`; a union cannot be told by a computed key.
  const operations = models.map(({ name, fields }) => ({ [name]: fields }) as unknown as AnyBulkWriteOperation<Fields>)
  try {
    const result = await target.collection().bulkWrite(operations, options)
    return resultOf(result, byIndex(result.upsertedIds), [])
  } catch (error) {
    const errors = refusalsOf(error)
    if (errors === undefined) throw error
    const { result } = error as { result?: Counts & { upsertedIds?: Readonly<Record<number, unknown>> } }
    return resultOf(result ?? nothing, byIndex(result?.upsertedIds ?? {}), errors)
  }
}

async function sendMixed(target: Target, models: readonly Model[], call: SendOptions): Promise<ModifyManyResult> {
  const { namespace } = target.collection()
  // As above.
  const operations = models.map(
    ({ name, fields }) => ({ name, namespace, ...fields }) as unknown as AnyClientBulkWriteModel<Fields>,
  )
  const options = { ...call, verboseResults: true }
  try {
    const result = await target.held.client.bulkWrite(operations, options)
    return resultOf(result, upsertedBy(result.updateResults), [])
  } catch (error) {
    const { writeErrors, partialResult, cause } = error as MixedFailure
    if (cause !== undefined || writeErrors === undefined || writeErrors.size === 0) {
      throw cause ?? error
    }
    const errors = [...writeErrors].map(([index, { code, message }]) => ({
      index,
      outcome: failed({ name: 'MongoServerError', code, message }),
    }))
    return resultOf(partialResult ?? nothing, upsertedBy(partialResult?.updateResults), errors)
  }
}

type UpdateResults = ReadonlyMap<number, { readonly upsertedId?: unknown }>

interface MixedFailure {
  readonly writeErrors?: ReadonlyMap<number, { readonly code: number; readonly message: string }>
  readonly partialResult?: Counts & { readonly updateResults?: UpdateResults }
  readonly cause?: unknown
}

function resultOf(
  { matchedCount, modifiedCount, deletedCount }: Counts,
  upsertedIds: ReadonlyMap<number, Value>,
  errors: ModifyManyResult['errors'],
): ModifyManyResult {
  return { matchedCount, modifiedCount, deletedCount, upsertedIds, errors }
}

function byIndex(ids: Readonly<Record<number, unknown>>): ReadonlyMap<number, Value> {
  return new Map(Object.entries(ids).map(([index, id]) => [Number(index), idOf(id)]))
}

function upsertedBy(results: UpdateResults = new Map()): ReadonlyMap<number, Value> {
  const upserted = [...results].filter(([, { upsertedId }]) => upsertedId !== undefined)
  return new Map(upserted.map(([index, { upsertedId }]) => [index, idOf(upsertedId)]))
}
