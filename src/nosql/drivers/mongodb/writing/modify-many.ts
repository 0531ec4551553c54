import type { AnyBulkWriteOperation, AnyClientBulkWriteModel } from 'mongodb'
import type { Insert, Modification, ModifyManyResult, WriteContext } from '../../../contract/write.ts'
import { filterOf, sourceOf, vendorOptionsOf } from '../dialect.ts'
import { upsertOptions, withIdOfUpsert } from './modify.ts'
import { present } from '../reading/present.ts'
import { callOptions } from '../reading/reads.ts'
import type { Target } from '../transport/target.ts'
import { sendWrite } from '../transport/send.ts'
import {
  addResult,
  byIndex,
  emptyResult,
  errorsAfter,
  upsertedBy,
  type Answer,
  type UpdateResults,
} from './bulk-answers.ts'
import { blameExpression, unknownOutcome } from '../errors.ts'
import { isAnswer, isAway, type VendorError } from '../vendor-error.ts'
import { failed, partOf, type Refused } from './partial.ts'

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
  const isOneCommand = !isMixed || target.held.wireVersion() >= wireVersionOfBulkWrite
  const parts = isOneCommand ? [models] : partsOf(models, context)
  const send = isMixed && isOneCommand ? sendMixed : sendToCollection
  const { errors, ...counts } = await sendParts(target, { parts, send }, context)
  return { ...counts, errors: errors.map((each) => ({ ...each, outcome: blamed(each.outcome, commands[each.index]) })) }
}

function blamed(outcome: Refused, command: Command | undefined): Refused {
  const isChange = outcome.kind === 'failed' && command?.kind === 'modify'
  return isChange ? { ...outcome, error: blameExpression(outcome.error, command.change) } : outcome
}

/** Ordered, operations of a kind that follow each other; else all of a kind. */
function partsOf(models: readonly Model[], { ordered }: WriteContext): readonly (readonly Model[])[] {
  if (!ordered) return [...Map.groupBy(models, ({ family }) => family).values()]
  const parts: Model[][] = []
  for (const model of models) {
    const last = parts.at(-1)
    if (last?.[0]?.family === model.family) last.push(model)
    else parts.push([model])
  }
  return parts
}

interface Parts {
  readonly parts: readonly (readonly Model[])[]
  readonly send: (target: Target, models: readonly Model[], call: BulkCall) => Promise<Answer>
}

interface BulkCall {
  readonly options: ReturnType<typeof callOptions> & { readonly ordered: boolean }
  /** Keeps what was answered before a command failed as a whole. */
  readonly keep: (answer: Answer) => void
}

/** One part after the other. Nothing is tried after one that failed as a whole. */
async function sendParts(target: Target, { parts, send }: Parts, context: WriteContext): Promise<ModifyManyResult> {
  const { ordered } = context
  const done = emptyResult()
  for (const [at, part] of parts.entries()) {
    const positions = part.map(({ index }) => index)
    let answered: Answer | undefined
    try {
      const answer = await sendWrite(target, context, (sending) => {
        const options = { ...callOptions(sending, context), ordered }
        return send(target, part, { options, keep: (before) => (answered = before) })
      })
      addResult(done, answer, positions)
      if (ordered && done.errors.length > 0) break
    } catch (error) {
      // Within a transaction nothing is kept that the caller would have to know of.
      if ((at === 0 && answered === undefined) || target.transaction !== undefined) throw error
      if (answered !== undefined) addResult(done, answered, positions)
      const left = positions.filter((_, index) => answered?.isAnswered(index) !== true)
      const later = parts.slice(at + 1).flatMap((models) => models.map(({ index }) => index))
      done.errors.push(...errorsAfter(error, { left, later, ordered }))
      break
    }
  }
  return done
}

function standsAlone({ query, multi }: Modification): boolean {
  const { let: variables, mongodb } = sourceOf(query)
  return (query.sort !== undefined && !multi) || variables !== undefined || mongodb?.comment !== undefined
}

interface Model {
  /** Its position among the commands. */
  readonly index: number
  readonly family: 'insert' | 'update' | 'delete'
  readonly name: 'insertOne' | 'updateOne' | 'updateMany' | 'replaceOne' | 'deleteOne' | 'deleteMany'
  readonly fields: Fields
}

function modelOf(command: Command, index: number): Model {
  if (command.kind === 'insert') {
    return { index, family: 'insert', name: 'insertOne', fields: { document: { ...command.document } } }
  }
  const { comment: _ofTheWhole, ...vendor } = vendorOptionsOf(sourceOf(command.query).mongodb)
  const selection = present({ filter: filterOf(command.query), ...vendor })
  if (command.change === null) {
    return { index, family: 'delete', name: command.multi ? 'deleteMany' : 'deleteOne', fields: selection }
  }
  const change = withIdOfUpsert(command)
  const name = 'replacement' in change ? 'replaceOne' : command.multi ? 'updateMany' : 'updateOne'
  return { index, family: 'update', name, fields: { ...selection, ...change, ...upsertOptions(command) } }
}

async function sendToCollection(
  target: Target,
  models: readonly Model[],
  { options, keep }: BulkCall,
): Promise<Answer> {
  // Models are made with the vendor's own names and fields, in `modelOf`; the compiler cannot find the member of a
  // union by a computed key.
  const operations = models.map(({ name, fields }) => ({ [name]: fields }) as unknown as AnyBulkWriteOperation<Fields>)
  try {
    const result = await target.collection().bulkWrite(operations, options)
    return { ...result, upsertedIds: byIndex(result.upsertedIds), errors: [], isAnswered: () => true }
  } catch (error) {
    const { tried, refusals, isAll } = partOf(error)
    const { result = noCounts } = error as { result?: typeof noCounts }
    const { matchedCount, modifiedCount, deletedCount } = result
    const upsertedIds = byIndex(result.upsertedIds)
    const isAnswered = (index: number): boolean => index < tried || refusals.some((refusal) => refusal.index === index)
    const answer = { matchedCount, modifiedCount, deletedCount, upsertedIds, errors: refusals, isAnswered }
    if (isAll) return answer
    if (tried + matchedCount + deletedCount + upsertedIds.size > 0) keep(answer)
    throw error
  }
}

const noIds: Readonly<Record<number, unknown>> = {}
const noCounts = { matchedCount: 0, modifiedCount: 0, deletedCount: 0, upsertedIds: noIds }

async function sendMixed(target: Target, models: readonly Model[], { options, keep }: BulkCall): Promise<Answer> {
  const { namespace } = target.collection()
  // As above.
  const operations = models.map(
    ({ name, fields }) => ({ name, namespace, ...fields }) as unknown as AnyClientBulkWriteModel<Fields>,
  )
  try {
    const result = await target.held.client.bulkWrite(operations, { ...options, verboseResults: true })
    return { ...result, upsertedIds: upsertedBy(result.updateResults), errors: [], isAnswered: () => true }
  } catch (error) {
    const { writeErrors = new Map(), partialResult, cause } = error as MixedFailure // every member of it may be absent
    const errors = [...writeErrors].map(([index, { code, message }]) => ({
      index,
      outcome: failed({ name: 'MongoServerError', code, message }),
    }))
    const answered = answeredBy(partialResult)
    const answer = {
      ...(partialResult ?? noCounts),
      upsertedIds: upsertedBy(partialResult?.updateResults),
      errors,
      isAnswered: (index: number) => answered.has(index),
    }
    if (cause === undefined && writeErrors.size > 0) return answer
    if (cause !== undefined && answered.size > 0) keep(answer)
    // When the vendor itself refuses a later part, it reports nothing of those that it has sent.
    const isLate = target.transaction === undefined && options.session?.serverSession.lastUse !== 0
    if (isLate && cause === undefined && isRefusal(error as VendorError)) throw unknownOutcome(error)
    throw cause ?? error
  }
}

/** Whether the vendor did not send what it threw this for. */
function isRefusal(error: VendorError): boolean {
  return !isAnswer(error) && !isAway(error)
}

function answeredBy(partial: MixedFailure['partialResult']): ReadonlySet<number> {
  const { insertResults, updateResults, deleteResults } = partial ?? {}
  return new Set([insertResults, updateResults, deleteResults].flatMap((results) => [...(results?.keys() ?? [])]))
}

interface MixedFailure {
  readonly writeErrors?: ReadonlyMap<number, { readonly code: number; readonly message: string }>
  readonly partialResult?: Pick<typeof noCounts, 'matchedCount' | 'modifiedCount' | 'deletedCount'> & {
    readonly insertResults?: ReadonlyMap<number, unknown>
    readonly updateResults?: UpdateResults
    readonly deleteResults?: ReadonlyMap<number, unknown>
  }
  readonly cause?: unknown
}
