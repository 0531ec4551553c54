import type { Modification as Command } from '../../contract/write.ts'
import type { Document } from '../../query/value.ts'
import type { ParsedQuery } from '../reading/parsed-query.ts'
import type { ReadContext } from '../reading/read.ts'
import { backOff } from '../../store/store-context.ts'
import type { Attempt } from '../../store/session.ts'
import { toWriteError } from '../write-error.ts'

/** A checked update, replacement or deletion, with what is needed to do it here. */
export interface Modification extends Command {
  readonly query: ParsedQuery
  /** What is returned has expressions that only the server can evaluate: nothing must be written before that is known. */
  readonly needsServer?: boolean
}

export interface Modified {
  matched: number
  modified: number
  /** The first document, as it was and as it is. */
  before: Document | null
  after: Document | null
  upserted: Document | null
  /** What is returned is as the caller wants it. */
  projected?: boolean | undefined
}

/** A modification, and what has become of it so far. */
export interface Step {
  readonly what: Modification
  readonly done: Modified
}

/** Waits until it is time to try again. @throws WriteConflictError when that is not to be */
export async function nextAttempt({ session, options }: ReadContext, attempt: Attempt): Promise<void> {
  const { store, transactional } = session
  if (!transactional && attempt.number < store.attempts && (await backOff(session, attempt, options))) return
  throw toWriteError(session, { kind: 'conflict' })
}
