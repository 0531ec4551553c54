import type { ClientSession } from 'mongodb'
import type { DriverContext } from '../../../contract/context.ts'
import { endOf, reasonOfEnd, untilEnd } from './call.ts'
import { toStoreError, unknownOutcome, type Operation } from '../errors.ts'
import type { Target } from './target.ts'

/** How a call of the vendor ends, and in which session it runs. */
export interface Sending {
  readonly session: ClientSession | undefined
  readonly signal: AbortSignal | undefined
}

/** Where a call goes: the client, and the session of a transaction. */
type Place = Pick<Target, 'held' | 'session' | 'transaction'>

/**
 * Sends a read, and waits for its answer no longer than the caller does.
 *
 * @throws this package's errors; the reason of the signal
 */
export async function sendRead<T>(
  target: Place,
  context: DriverContext,
  work: (sending: Sending) => Promise<T>,
): Promise<T> {
  context.onRequest?.()
  const signal = endOf(context)
  const { session, end } = readSession(target, context)
  try {
    return await untilEnd(work({ session, signal }), signal, () => reasonOfEnd(context))
  } catch (error) {
    throw readError(target, context, { error, signal })
  } finally {
    end?.()
  }
}

/** The session of a read. Undefined, so that the vendor takes one itself, outside of transactions and traces. */
export interface ReadSession {
  readonly session: ClientSession | undefined
  /** Ends what the read has to itself. */
  readonly end?: (() => void) | undefined
}

export function readSession({ held, session }: Place, context: DriverContext): ReadSession {
  const isTraced = context.span !== undefined && held.commands !== undefined
  if (session !== undefined || !isTraced) return { session, end: traceCommands(held, session, context) }
  const own = held.client.startSession({ causalConsistency: false })
  const untrace = traceCommands(held, own, context)
  const end = (): void => {
    untrace?.()
    void own.endSession()
  }
  return { session: own, end }
}

export function readError(
  { transaction }: Pick<Target, 'transaction'>,
  context: DriverContext,
  { error, signal }: { readonly error: unknown; readonly signal: AbortSignal | undefined },
): Error {
  if (signal?.aborted === true) return reasonOfEnd(context)
  transaction?.note(error)
  return toStoreError(error, 'read')
}

/**
 * Sends a write in a session, by which it is known afterwards how far it got: the vendor's last error may be that no
 * server was found for a second attempt, and says nothing about the first.
 *
 * @throws this package's errors, {@link UnknownOutcomeError} for what may have been carried out
 */
export async function sendWrite<T>(
  target: Place,
  context: DriverContext,
  work: (sending: Sending) => Promise<T>,
): Promise<T> {
  context.onRequest?.()
  return target.transaction === undefined ? sendAlone(target, context, work) : sendWithin(target, context, work)
}

async function sendAlone<T>(
  { held }: Place,
  context: DriverContext,
  work: (sending: Sending) => Promise<T>,
): Promise<T> {
  const signal = endOf(context)
  const session = held.client.startSession({ causalConsistency: false })
  const progress = watchProgress(session)
  const untrace = traceCommands(held, session, context)
  try {
    return await untilEnd(work({ session, signal }), signal, () => unknownOutcome(reasonOfEnd(context)))
  } catch (error) {
    const operation = progress()
    if (operation === 'unsent write' && signal?.aborted === true) throw reasonOfEnd(context)
    throw toStoreError(error, operation)
  } finally {
    untrace?.()
    void session.endSession()
  }
}

/** Within a transaction nothing is kept before the commit, so that a caller that leaves knows how it ended. */
async function sendWithin<T>(
  { held, session, transaction }: Place,
  context: DriverContext,
  work: (sending: Sending) => Promise<T>,
): Promise<T> {
  const signal = endOf(context)
  const untrace = traceCommands(held, session, context)
  try {
    return await untilEnd(work({ session, signal }), signal, () => reasonOfEnd(context))
  } catch (error) {
    if (signal?.aborted === true) throw reasonOfEnd(context)
    transaction?.note(error)
    throw toStoreError(error, 'in transaction')
  } finally {
    untrace?.()
  }
}

/** Traces the commands of a session, where there is a tracer, until the returned function is called. */
export function traceCommands(
  { commands }: Place['held'],
  session: ClientSession | undefined,
  { span }: DriverContext,
): (() => void) | undefined {
  return span === undefined || session === undefined ? undefined : commands?.trace(session, span)
}

/** What has become of what is sent in the session from now on. */
export function watchProgress({ serverSession }: ClientSession): () => Operation {
  // The vendor notes when it last put the session on a command, and whether a command of it was left without an answer.
  serverSession.lastUse = 0
  return () => (serverSession.isDirty ? 'lost write' : serverSession.lastUse === 0 ? 'unsent write' : 'write')
}
