import { createCursorSealer, type CursorSealer } from '../../core/cursor/cursor-sealer.ts'
import { must, type OptionCheck } from '../../core/assert-options.ts'
import { TimeoutError } from '../../core/errors.ts'
import { wait } from '../../core/wait.ts'
import { uuidV7Generator, type Clock, type RandomBytes } from '../../core/uuid-v7.ts'
import { expressionsOf } from '../collection/server-expressions.ts'
import type { DriverContext } from '../contract/context.ts'
import type { DocumentBackend, OpenSettings } from '../contract/driver.ts'
import type { Budget, PlanWarning, ScanPolicy } from '../contract/explanation.ts'
import { NoSQLConnectionError } from '../errors.ts'
import type { Attempt, CallOptions, CallOrigin, Session, StoreContext } from './session.ts'

/** Options of `createDocumentStore`. */
export interface DocumentStoreOptions {
  /** For errors, warnings and health. @default the driver's name */
  readonly name?: string | undefined
  /** What to do about scans and client-side sorts. @default `warn` */
  readonly scans?: ScanPolicy | undefined
  /** Gets each warning once per shape of plan. */
  readonly onWarning?: ((warning: PlanWarning) => void) | undefined
  readonly budget?: Budget | undefined
  /**
   * Seals the cursors of `findPage`: text of at least 16 bytes, the same in all instances of an application.
   *
   * @default a random key, so that another store, in this process or elsewhere, refuses the cursors of this one
   */
  readonly cursorSecret?: string | undefined
  /** A sealer that several stores share; it goes before `cursorSecret`. @internal */
  readonly cursors?: CursorSealer | undefined
  /**
   * How often a write or a transaction is tried at most when others write the same documents.
   *
   * @default as often as there is time: until the deadline of the call, or for a minute where it has none
   */
  readonly attempts?: number | undefined
  /** Records which warnings were sent. @default the driver's record, so that each warning is sent once @internal */
  readonly warned?: Set<string> | undefined
  /** Milliseconds since 1970. @default `Date.now` */
  readonly clock?: Clock | undefined
  /** @default `crypto.getRandomValues` */
  readonly random?: RandomBytes | undefined
  /** Waits this many milliseconds. @default `setTimeout` */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined
}

export const callOptionChecks = {
  signal: must.beSignal,
  deadline: must.beNumberFrom(0),
} satisfies Readonly<Record<keyof CallOptions, OptionCheck>>

/**
 * Checks before anything is sent: a caller that is too late knows for certain that nothing was done.
 *
 * @throws the reason of the signal; TimeoutError `LEX_ERR_INFRA_002` after the deadline
 */
export function assertInTime({ signal, deadline }: CallOptions): void {
  signal?.throwIfAborted()
  if (deadline !== undefined && Date.now() > deadline) {
    throw new TimeoutError('the operation cannot complete: its deadline has passed')
  }
}

/** Rivals come again within so many milliseconds, or within so many times of what an attempt takes. */
const shortWindow = 256
const timesOfAnAttempt = 16
const longestWindow = 5000

/** How long rivals try a call that has no deadline, in milliseconds. */
const longestTrying = 60_000

/** How late timers may fire, in milliseconds. No attempt begins so close to the deadline. */
const latenessOfTimers = 5

export function createStoreContext(
  backend: DocumentBackend,
  { database, ...options }: DocumentStoreOptions & Pick<OpenSettings, 'database'>,
): StoreContext {
  const { clock = Date.now, random = (bytes) => crypto.getRandomValues(bytes), sleep = wait } = options
  const fraction = () => new DataView(random(new Uint8Array(4)).buffer).getUint32(0) / 2 ** 32
  const context = (call: CallOptions = {}): DriverContext => ({
    now: clock(),
    signal: call.signal,
    deadline: call.deadline,
  })
  let connection: Promise<void> | undefined
  let connected = false
  let closed = false
  const streams = new Set<() => void>()
  return {
    name: options.name ?? backend.name,
    database,
    backend,
    expressions: expressionsOf(backend),
    span: undefined,
    scans: options.scans ?? 'warn',
    onWarning: options.onWarning,
    warned: options.warned ?? new Set(),
    budget: options.budget ?? {},
    cursors: options.cursors ?? createCursorSealer(options.cursorSecret),
    attempts: options.attempts ?? Infinity,
    clock,
    newId: uuidV7Generator(clock, random),
    random: fraction,
    pause: () => sleep(0),
    async backOff({ number, since, began }, call) {
      const now = Date.now()
      const took = now - began
      const left = (call?.deadline ?? since + longestTrying) - now
      const window = Math.min(Math.max(shortWindow, timesOfAnAttempt * took), longestWindow)
      // A long wait must not use up the time of an attempt.
      const delay = fraction() * Math.min(Math.max(2, took) * 2 ** (number - 1), window, left / 2)
      if (left - delay <= Math.max(took, latenessOfTimers)) return false
      await unlessAborted(() => sleep(delay), call?.signal)
      return true
    },
    context,
    ready(call) {
      if (closed)
        throw new NoSQLConnectionError(
          `the document store '${options.name ?? backend.name}' cannot be used: it is disconnected`,
        )
      // A failed attempt is not kept: the next operation tries again.
      connection ??= backend.connect(context(call)).then(
        () => {
          connected = !closed
        },
        (error: unknown) => {
          connection = undefined
          throw error
        },
      )
      return connected ? undefined : connection
    },
    streams,
    async disconnect() {
      closed = true
      for (const end of streams) end()
      const ending = connection
      connection = undefined
      connected = false
      if (ending === undefined) return
      await ending.catch(() => undefined)
      await backend.disconnect()
    },
  }
}

/** What a call of the driver gets. */
export function callContext({ store, span }: CallOrigin, call?: CallOptions): DriverContext {
  const context = store.context(call)
  return span === undefined ? context : { ...context, span }
}

/** Waits before the next attempt, which the span counts where there is one. See `StoreContext.backOff`. */
export async function backOff({ store, span }: CallOrigin, attempt: Attempt, call?: CallOptions): Promise<boolean> {
  if (!(await store.backOff(attempt, call))) return false
  span?.set('lexigram.attempts', attempt.number + 1)
  span?.measure({ is: 'retry', of: 'operation', system: store.backend.name })
  return true
}

export function storeSession(store: StoreContext): Session {
  return {
    store,
    transactional: false,
    span: store.span,
    async open(name, spec, context) {
      assertInTime(context)
      const connecting = store.ready(context)
      if (connecting !== undefined) await connecting
      return store.backend.collection(name, spec, context)
    },
    inTurn: (work) => work(),
    markFailed: () => undefined,
  }
}

/** The same session for the parts of a piece of work that is in its turn already. */
export function inItsTurn(session: Session): Session {
  if (!session.transactional) return session
  return {
    store: session.store,
    transactional: true,
    span: session.span,
    open: (name, spec, context) => session.open(name, spec, context),
    inTurn: (work) => work(),
    markFailed: (error) => session.markFailed(error),
  }
}

/** Waits until the end, or until the caller gives up. @throws the reason of the signal */
async function unlessAborted(waiting: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return waiting()
  signal.throwIfAborted()
  let abort = (): void => undefined
  const aborted = new Promise<void>((resolve) => (abort = resolve))
  signal.addEventListener('abort', abort, { once: true })
  await Promise.race([waiting(), aborted]).finally(() => signal.removeEventListener('abort', abort))
  signal.throwIfAborted()
}
