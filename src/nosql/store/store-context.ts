import { createCursorSealer, type CursorSealer } from '../../core/cursor/cursor-sealer.ts'
import { must, type OptionCheck } from '../../core/assert-options.ts'
import { TimeoutError } from '../../core/errors.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { DriverContext, MaybePromise } from '../contract/context.ts'
import type { DocumentBackend, OpenSettings } from '../contract/driver.ts'
import { expressionsOf } from '../collection/server-expressions.ts'
import { NoSQLConnectionError } from '../errors.ts'
import type { ExpressionEngine } from '../query/expression-engine.ts'
import type { Budget, PlanWarning, ScanPolicy } from '../contract/explanation.ts'
import { uuidV7Generator, type Clock, type RandomBytes } from '../../core/uuid-v7.ts'

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

/** What a caller may say about every call. */
export interface CallOptions {
  /** Ends the call, also in the middle of a request where the driver can. */
  readonly signal?: AbortSignal | undefined
  /** When the call must have ended, in milliseconds since 1970. */
  readonly deadline?: number | undefined
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

/** One that met a rival. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  /** When the first one began, in milliseconds since 1970. */
  readonly since: number
  /** When this one began. */
  readonly began: number
}

/** Rivals come again within so many milliseconds, or within so many times of what an attempt takes. */
const shortWindow = 256
const timesOfAnAttempt = 16
const longestWindow = 5000

/** How long rivals try a call that has no deadline, in milliseconds. */
const longestTrying = 60_000

/** How late timers may fire, in milliseconds. No attempt begins so close to the deadline. */
const latenessOfTimers = 5

/** What all collections of one store share. */
export interface StoreContext {
  readonly name: string
  /** Within the backend, where the store was opened with one. */
  readonly database: string | undefined
  /** What operations are traced as parts of; undefined where nothing is traced. */
  readonly span: Span | undefined
  readonly backend: DocumentBackend
  /** What parses the expressions of filters, projections and updates; undefined where none are evaluated. */
  readonly expressions: ExpressionEngine | undefined
  readonly scans: ScanPolicy
  readonly onWarning: ((warning: PlanWarning) => void) | undefined
  readonly warned: Set<string>
  readonly budget: Budget
  readonly cursors: CursorSealer
  readonly attempts: number
  readonly clock: Clock
  readonly newId: () => string
  /** A number in [0, 1). */
  readonly random: () => number
  /**
   * Waits after an attempt, at random so that rivals do not meet again: below what the attempt took at first, then twice
   * as long each time. False where no time is left for another attempt as long. @throws the reason of the signal
   */
  readonly backOff: (attempt: Attempt, call?: CallOptions) => Promise<boolean>
  /** Lets timers and I/O run in the middle of long work. */
  readonly pause: () => Promise<void>
  /** What a call of the driver gets. */
  context(call?: CallOptions): DriverContext
  /** Connects on first use; undefined once it is connected. @throws NoSQLConnectionError also after `disconnect`. */
  ready(call?: CallOptions): MaybePromise<void>
  disconnect(): Promise<void>
  /** Ends each stream of changes that is open. */
  readonly streams: Set<() => void>
}

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

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
