import type { DriverContext } from '../../../contract/context.ts'
import type { Modification, ModifyResult } from '../../../contract/write.ts'
import { chooseAccess } from '../../../plan/choose-access.ts'
import { conjunction } from '../../../plan/conjuncts.ts'
import type { Facts } from '../../../plan/facts.ts'
import { push } from '../../../plan/push.ts'
import type { Document, Value } from '../../../query/value.ts'
import type { Item } from '../codec/attribute-values.ts'
import { attributes, decodeDocument, revisionOf, type Revision } from '../codec/codec.ts'
import { conditionDialect } from '../dialect.ts'
import { DynamoFailure, toWriteFailure, unknownOutcome } from '../errors.ts'
import { ExpressionBuilder } from '../reading/expression.ts'
import { isExpressionWithin } from '../reading/expression-size.ts'
import { nativeUpdate, type NativeUpdate } from './native-update.ts'
import type { Place } from '../place.ts'
import { sendWrites } from './writes.ts'

export interface ModifyTarget {
  readonly place: Place
  readonly facts: Facts
}

/**
 * An update or a deletion of one document by its `_id`, of a collection without indexes, in one request: the condition of
 * the write says whether it means the same here as everywhere. Where it does not, DynamoDB sends the document along, and
 * it is changed here and written, if it is still the same. Undefined where it must be read first.
 */
export async function modifyNatively(
  target: ModifyTarget,
  command: Modification,
  context: DriverContext,
): Promise<ModifyResult | undefined> {
  const request = requestOf(target, command)
  if (request === undefined) return undefined
  const { client } = target.place
  try {
    const { operation, input } = request
    const answer = await client.call(operation, input, { context, isIdempotent: false })
    const before = answer.Attributes
    return before === undefined ? none(command) : resultOf(command, decodeDocument(before))
  } catch (error) {
    if (!(error instanceof DynamoFailure)) throw error
    if (error.code === 'ConditionalCheckFailedException' && !error.mayBeDone) {
      return error.item === undefined ? undefined : changeHere(target, { command, item: error.item }, context)
    }
    // Read, applied and written, it is refused with the name of the field that is too large.
    if (error.code === 'ValidationException' && /size/i.test(error.answer)) return undefined
    const found = error.mayBeDone ? await afterLostAnswer(target, { command, request }, context) : undefined
    if (found !== undefined) return found
    throw toWriteFailure(error)
  }
}

interface Request {
  readonly operation: 'UpdateItem' | 'DeleteItem'
  readonly input: object
  readonly key: Item
  readonly revision: string
}

function requestOf({ place, facts }: ModifyTarget, command: Modification): Request | undefined {
  const { change, query, now } = command
  if (command.multi || command.upsert) return undefined
  const access = chooseAccess({ filter: query.filter }, { indexes: [], facts })
  if (access.kind !== 'get' || access.ids.length !== 1) return undefined
  const key = place.keyOf(access.ids[0] as Value) // there is one
  const rest = push(conjunction(access.residual), conditionDialect, facts)
  if (key === undefined || rest.exactness !== 'exact') return undefined
  const builder = new ExpressionBuilder()
  const revision = crypto.randomUUID()
  const update = change === null ? noChange : nativeUpdate(change, { builder, now })
  if (update === undefined) return undefined
  const conditions = [
    `attribute_exists(${builder.name(attributes.pk)})`,
    ...update.conditions,
    ...(rest.native === undefined ? [] : [rest.native(builder)]),
  ]
  const isDeletion = change === null
  const expression = isDeletion ? {} : { UpdateExpression: expressionOf(update, builder, revision) }
  const ConditionExpression = conditions.join(' AND ')
  if (![ConditionExpression, ...Object.values(expression)].every(isExpressionWithin)) return undefined
  const input = {
    TableName: place.table,
    Key: key,
    ConditionExpression,
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...expression,
    ...builder.members,
  }
  return { operation: isDeletion ? 'DeleteItem' : 'UpdateItem', input, key, revision }
}

function expressionOf({ sets, removes }: NativeUpdate, builder: ExpressionBuilder, revision: string): string {
  const all = [...sets, `${builder.name(attributes.revision)} = ${builder.value({ S: revision })}`]
  return `SET ${all.join(', ')}${removes.length === 0 ? '' : ` REMOVE ${removes.join(', ')}`}`
}

const noChange: NativeUpdate = { sets: [], removes: [], conditions: [] }

/** With the document as it was, what `apply` makes of it is what DynamoDB has made of it. */
function resultOf(command: Modification, before: Document): ModifyResult {
  const after = command.apply(before)
  return {
    matchedCount: 1,
    modifiedCount: after === before ? 0 : 1,
    ...(command.returns !== undefined && { document: command.returns === 'before' ? before : after }),
  }
}

function none({ returns }: Modification): ModifyResult {
  return { matchedCount: 0, modifiedCount: 0, ...(returns !== undefined && { document: null }) }
}

interface Refused {
  readonly command: Modification
  /** The document as it is. */
  readonly item: Item
}

async function changeHere(
  { place }: ModifyTarget,
  { command, item }: Refused,
  context: DriverContext,
): Promise<ModifyResult | undefined> {
  const before = decodeDocument(item)
  if (!command.query.matches(before)) return none(command)
  const after = command.apply(before)
  if (after === before) return resultOf(command, before)
  // The portable layer reads again, and checks what the operands do not show.
  if (after === null) return undefined
  const stored = { document: before, revision: { text: revisionOf(item), item } satisfies Revision }
  const write = { kind: 'replace', before: stored, document: after } as const
  const [outcome] = await sendWrites({ place, indexes: [] }, [write], { ...context, ordered: true })
  if (outcome?.kind === 'written') return resultOf(command, before)
  if (outcome?.kind === 'conflict' || outcome === undefined) return undefined
  throw outcome.error
}

interface Lost {
  readonly command: Modification
  readonly request: Request
}

/** The revision says whether an update was carried out; what it changed must follow from its operators alone. */
async function afterLostAnswer(
  { place }: ModifyTarget,
  { command, request }: Lost,
  context: DriverContext,
): Promise<ModifyResult | undefined> {
  const { key, revision, operation } = request
  if (operation === 'DeleteItem' || command.returns === 'before') return undefined
  let item: Item | undefined
  try {
    const input = { TableName: place.table, Key: key, ConsistentRead: true }
    const answer = await place.client.call('GetItem', input, { context, isIdempotent: true })
    item = answer.Item
  } catch (error) {
    throw unknownOutcome(error)
  }
  if (item === undefined || revisionOf(item) !== revision || !alwaysChanges(command)) return undefined
  const document = command.returns === undefined ? {} : { document: decodeDocument(item) }
  return { matchedCount: 1, modifiedCount: 1, ...document }
}

function alwaysChanges({ change }: Modification): boolean {
  if (change?.kind !== 'operators') return false
  return change.ops.some(({ operator, operand }) => operator === '$inc' && operand !== 0)
}
