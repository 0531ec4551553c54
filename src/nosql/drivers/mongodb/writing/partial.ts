import { asError } from '../../../../core/abort-reason.ts'
import { DomainError } from '../../../../core/errors.ts'
import type { ModifyManyResult, WriteOutcome } from '../../../contract/write.ts'
import { UnknownOutcomeError, WriteConflictError } from '../../../errors.ts'
import { toStoreError } from '../errors.ts'
import { isUnacknowledged } from '../vendor-error.ts'

export type Refused = Exclude<WriteOutcome, { kind: 'written' }>

/** What an error of the vendor says of the statements that were sent with the one that failed. */
export interface Part {
  /** How many insertions, from the first, were in commands that were answered: those that were not refused are stored. */
  readonly tried: number
  readonly refusals: ModifyManyResult['errors']
  /** Nothing but these refusals was wrong. */
  readonly isAll: boolean
}

export const nothingKnown: Part = { tried: 0, refusals: [], isAll: false }

interface VendorWriteError {
  readonly index: number
}

/** The vendor's error of `insertMany` and of a collection's `bulkWrite`. */
interface BulkFailure {
  readonly name: string
  readonly writeErrors?: VendorWriteError | readonly VendorWriteError[]
  readonly result?: {
    readonly insertedCount: number
    getWriteErrors?(): readonly VendorWriteError[]
  }
}

export function partOf(error: unknown): Part {
  const { name, writeErrors = [], result } = error as BulkFailure // other errors lack these members
  const given = [writeErrors].flat()
  const refused = given.length > 0 ? given : (result?.getWriteErrors?.() ?? [])
  const refusals = refused.map((refusal) => ({ index: refusal.index, outcome: failed(serverErrorOf(refusal)) }))
  // One that was done without being acknowledged is counted, too.
  const isCounted = name === 'MongoBulkWriteError' && given.length === 0 && !isUnacknowledged(error)
  return {
    tried: isCounted ? (result?.insertedCount ?? 0) + refusals.length : 0,
    refusals,
    isAll: given.length > 0,
  }
}

/** The error of one statement in a bulk write holds the server's own fields one level down. */
function serverErrorOf(refusal: VendorWriteError): unknown {
  const { err = refusal } = refusal as { err?: object }
  return { name: 'MongoServerError', ...codeNamed(err), ...err }
}

function codeNamed(error: object): object {
  const { code }: { readonly code?: unknown } = error
  return typeof code === 'number' ? { code } : {}
}

/** The outcome of a write that the server refused. */
export function failed(refusal: unknown): Refused {
  return outcomeOf(toStoreError(refusal, 'write'))
}

/** @throws what kept the request from being sent */
export function outcomeOf(error: unknown): Refused {
  if (error instanceof UnknownOutcomeError) return { kind: 'unsure', error }
  if (error instanceof WriteConflictError) return { kind: 'conflict' }
  if (error instanceof DomainError) return { kind: 'failed', error }
  // Nothing was written, and it is not the fault of any one of the writes.
  throw error
}

/** The same for a command after one that was carried out, which is not undone by what keeps this from being sent. */
export function outcomeAfter(error: unknown): Refused {
  if (error instanceof UnknownOutcomeError) return { kind: 'unsure', error }
  return { kind: 'failed', error: asError(error) }
}
