import type { BulkOperationError } from '../../bulk-write-error.ts'
import type { Insert, ModifyManyResult } from '../../contract/write.ts'
import { UnknownOutcomeError } from '../../errors.ts'
import { inItsTurn } from '../../store/store-context.ts'
import type { BulkRun, Progress } from './bulk-write.ts'
import { isProven } from '../checks/proven.ts'
import { idOf, type DocumentId } from '../document-id.ts'
import { hideExpired } from '../expiry/expiry.ts'
import type { Modification } from './modification.ts'
import { isFreed } from '../expiry/purge-expired.ts'
import { planOf } from '../reading/read.ts'
import { charged, documentsLeft, writeCall } from '../spending.ts'
import { toWriteError } from '../write-error.ts'

type Command = Insert | Modification

/** The commands from here on that the backend can do together by itself; undefined for fewer than two. */
export async function nativeRun(run: BulkRun, at: number): Promise<readonly Command[] | undefined> {
  const { scope, collection, steps } = run
  if (collection.modifyMany === undefined) return undefined
  const most = Math.min(1000, scope.session.store.backend.capabilities.limits.writeBatch)
  const commands: Command[] = []
  for (const step of steps.slice(at, at + most)) {
    if (step.kind === 'insert') commands.push(step.insert)
    else if (
      step.kind === 'modify' &&
      isProven(scope, step.modification) &&
      documentsLeft({ ...scope, options: step.options }) === Infinity
    ) {
      const { modification, options } = step
      await planOf({ ...scope, options }, collection, modification.query)
      commands.push({
        ...modification,
        query: hideExpired(modification.query, collection.expiry, modification.now.getTime()),
      })
    } else break
  }
  return commands.length > 1 ? commands : undefined
}

/** Hands them to the backend. Undefined where it cannot after all. */
export async function runNatively(
  { scope, collection, ordered, options, totals }: BulkRun,
  at: number,
  commands: readonly Command[],
): Promise<Progress | undefined> {
  const { session } = scope
  const call = { ...writeCall({ session, spending: scope.spending }, options), ordered }
  let result: ModifyManyResult | undefined
  try {
    result = await session.inTurn(async () => charged(scope, () => collection.modifyMany?.(commands, call)))
  } catch (error) {
    if (!(error instanceof UnknownOutcomeError)) throw error
    const errors = commands.map((_, index) => ({ index: at + index, error }))
    return { consumed: commands.length, errors, lost: error }
  }
  if (result === undefined) return undefined
  const refused = new Set(result.errors.map(({ index }) => index))
  const [stop = commands.length] = ordered ? refused : []
  totals.matchedCount += result.matchedCount
  totals.modifiedCount += result.modifiedCount
  totals.deletedCount += result.deletedCount
  totals.upsertedCount += result.upsertedIds.size
  // The driver returns the `_id` of what it has inserted.
  for (const [index, id] of result.upsertedIds) totals.upsertedIds[at + index] = id as DocumentId
  for (const [index, command] of commands.slice(0, stop).entries()) {
    if (command.kind !== 'insert' || refused.has(index)) continue
    totals.insertedCount += 1
    totals.insertedIds[at + index] = idOf(command.document)
  }
  const context = { ...scope, options, session: inItsTurn(session) }
  const errors: BulkOperationError[] = []
  const freed: number[] = []
  for (const { index, outcome } of result.errors) {
    const write = insertedBy(commands[index])
    const purged = write !== undefined && session.inTurn(() => isFreed(context, collection, { write, outcome }))
    if (await purged) freed.push(at + index)
    else errors.push({ index: at + index, error: toWriteError(session, outcome) })
  }
  return ordered ? { consumed: stop, errors, again: [] } : { consumed: commands.length, errors, again: freed }
}

function insertedBy(command: Command | undefined): Insert | undefined {
  return command?.kind === 'insert' ? command : command?.insert?.()
}
