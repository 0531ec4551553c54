import {
  longestTimer,
  lambdaTraits,
  TimeoutError,
  UsageError,
  watchDecoded,
  type Application,
  type ErrorPhase,
  type Invocation,
  type Runtime,
  type Scope,
  type TraceParent,
  type Tracer,
} from '../../src/runtime/index.ts'
import type { Environment } from './environment.ts'
import { problem } from './http/problem.ts'
import type { LambdaContext } from './platform.ts'

const lambdaRuntime: Runtime = { ...lambdaTraits, watchResponse: watchDecoded }

/** What an event or a record says of itself. */
export interface Identity {
  /** What reports call it, and the request id in its scope. @default the invocation's */
  readonly id?: string
  readonly traceParent?: TraceParent | undefined
  /** The name of its source in `on`. */
  readonly trigger?: string
}

/** Where a request came from. */
export interface RequestSource {
  readonly event: unknown
  readonly clientAddress: () => string | undefined
}

export interface InvocationOptions {
  readonly environment: Environment
  /** How long before the function's timeout the signal aborts, in milliseconds; half of it later work is given up. */
  readonly deadlineMargin: number
  /**
   * The boot that the function's initialisation has begun, until it settles; never rejects. Lambda may freeze the
   * process in the middle of it, so that its connections die: an invocation that has waited for it boots again when it
   * has failed.
   */
  initialBoot: Promise<void> | undefined
}

/** One invocation of the function: its deadline, and the work that has to end before the answer is given. */
export class LambdaInvocation {
  /** Aborts at the deadline. */
  readonly signal: AbortSignal
  /** Aborts when work that has made use of the signal has to be given up, too. */
  readonly expired: AbortSignal
  readonly #app: Application
  readonly #context: LambdaContext | undefined
  readonly #options: InvocationOptions
  /** In milliseconds since the epoch; Infinity where there is none. */
  readonly #deadline: number
  /** With the id of what has begun it. */
  readonly #background = new Map<Promise<unknown>, string | undefined>()
  /** Rejects when `expired` aborts. */
  readonly #expiry = Promise.withResolvers<never>()
  #timer: NodeJS.Timeout | undefined
  #isBodyUntouched = false
  #isSettled = false

  constructor(app: Application, context: LambdaContext | undefined, options: InvocationOptions) {
    this.#app = app
    this.#context = context
    this.#options = options
    const time = this.#remainingTime()
    // A short timeout leaves at least half of itself for work.
    const margin = Math.min(options.deadlineMargin, time / 2)
    this.#deadline = Date.now() + time - margin
    const abort = new AbortController()
    const expiry = new AbortController()
    this.signal = abort.signal
    this.expired = expiry.signal
    // Its rejection may come when no work waits for it.
    this.#expiry.promise.catch(() => {})
    if (time === Infinity) return
    this.#timer = setTimeout(
      () => {
        abort.abort(timeout())
        this.#timer = setTimeout(
          () => {
            expiry.abort(timeout())
            this.#expiry.reject(expiry.signal.reason)
          },
          delayOf(margin / 2),
        )
      },
      delayOf(time - margin),
    )
  }

  /** The application's. */
  get tracer(): Tracer | undefined {
    return this.#app.options.tracer
  }

  /** Whether the deadline has passed. */
  get isOver(): boolean {
    return Date.now() >= this.#deadline
  }

  /**
   * Settles like `work`, or rejects with a `TimeoutError` if `work` has not settled some time after the deadline aborted its
   * signal. The work itself is not stopped.
   */
  inTime<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#expiry.promise])
  }

  /** Boots what the event's handlers use. Rejects with a failure, which is reported once however many events wait. */
  async boot(): Promise<void> {
    try {
      await this.inTime(this.#start())
    } catch (error) {
      // The boot itself goes on.
      if (error === this.expired.reason) this.report(error, 'boot')
      throw error
    }
  }

  async #start(): Promise<void> {
    const { environment, initialBoot } = this.#options
    if (initialBoot !== undefined) await initialBoot
    const env = environment.current ?? (await environment.make())
    await this.#app.start(env, lambdaRuntime, { report: true })
  }

  /** The application's answer to a request; a 503 when there is no environment to boot with. */
  async handle(request: Request, { event, clientAddress }: RequestSource): Promise<Response> {
    const { environment, initialBoot } = this.#options
    if (initialBoot !== undefined) await initialBoot
    const env = environment.current ?? (await environment.make().catch(() => undefined))
    if (env === undefined) return problem(503)
    return this.#app.handle(request, { ...this.#invocationFor(event, env), clientAddress }, lambdaRuntime)
  }

  /**
   * Runs one event or record in its own scope, until the scope has ended or the deadline has come. Rejects with what
   * `work` threw, or with a `TimeoutError` when it was not done by then; the scope of such work ends with the work, if
   * Lambda ever wakes the process again.
   */
  async run(event: unknown, work: (scope: Scope) => unknown, identity: Identity = {}): Promise<unknown> {
    const state: { outcome?: { readonly value: unknown } } = {}
    const job = async (scope: Scope): Promise<void> => {
      state.outcome = { value: await work(scope) }
    }
    // `boot` has made it.
    const env = this.#options.environment.current!
    try {
      await this.inTime(this.#app.run(job, this.#invocationFor(event, env, identity), lambdaRuntime))
    } catch (error) {
      if (state.outcome === undefined || !(error instanceof TimeoutError)) throw error
      // The work itself is done; what it passed to `waitUntil`, or a disposer, is not.
      this.report(error, 'waitUntil', identity.id)
      for (const [left, id] of this.#background) if (id === identity.id) this.#background.delete(left)
    }
    return state.outcome?.value
  }

  /** @param subject What the error is about. @default the invocation's id */
  report(error: unknown, phase: ErrorPhase, subject: string | undefined = this.#id): void {
    this.#app.options.onError?.({ error, phase, subject })
  }

  /** What `read` returns. What it throws is reported, and thrown: of an event that cannot be read. */
  reporting<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      this.report(error, 'handler')
      throw error
    }
  }

  /** Reports that a response's body has failed, unless the lifecycle has seen that. */
  reportBody(error: unknown): void {
    if (this.#isBodyUntouched) this.report(error, 'stream')
  }

  /**
   * Waits for background work while there is time, and then for the tracer to send its spans, because Lambda freezes the
   * process after the answer. Work that has not ended is reported. Call it last.
   */
  async settle(): Promise<void> {
    try {
      while (this.#background.size > 0) await this.inTime(Promise.all(this.#background.keys()))
    } catch {
      // Work that rejects has been reported by the lifecycle; what comes here is the deadline.
      for (const id of new Set(this.#background.values())) {
        const left = [...this.#background.values()].filter((other) => other === id).length
        const message = `${left} piece(s) of background work did not end before the function's timeout`
        this.report(new TimeoutError(message), 'waitUntil', id)
      }
    }
    try {
      // All spans have ended, or their time is over.
      if (this.tracer?.flush !== undefined) await this.inTime(this.tracer.flush())
    } catch {
      // The deadline has passed: the sink may send the rest with the next invocation.
    } finally {
      clearTimeout(this.#timer)
      this.#isSettled = true
    }
  }

  get #id(): string | undefined {
    try {
      const id: unknown = this.#context?.awsRequestId
      return typeof id === 'string' && id !== '' ? id : undefined
    } catch {
      // Only a context that is written by hand can throw here. Its reports have no id.
      return undefined
    }
  }

  /** In milliseconds; infinite if a context made by hand has no deadline. A context that throws instead is reported. */
  #remainingTime(): number {
    try {
      const time: unknown = this.#context?.getRemainingTimeInMillis?.()
      if (time === undefined) return Infinity
      if (typeof time === 'number' && !Number.isNaN(time)) return Math.max(0, time)
      throw new UsageError('what getRemainingTimeInMillis returns must be a number (milliseconds)')
    } catch (error) {
      this.report(error, 'handler')
      return Infinity
    }
  }

  #invocationFor(event: unknown, env: object, { id = this.#id, traceParent, trigger }: Identity = {}): Invocation {
    return {
      env,
      event,
      ...(this.#deadline !== Infinity && { deadline: this.#deadline }),
      signal: this.signal,
      platform: this.#context,
      onUntouchedBody: () => void (this.#isBodyUntouched = true),
      ...(id !== undefined && { requestId: id }),
      ...(traceParent !== undefined && { traceParent }),
      ...(trigger !== undefined && { trigger }),
      waitUntil: (work) => {
        // What was given up at the deadline is reported already.
        if (this.#isSettled && !this.expired.aborted) this.report(tooLate(), 'waitUntil', id)
        this.#background.set(work, id)
        void work.finally(() => this.#background.delete(work))
      },
    }
  }
}

/** What a timer can be set for, in milliseconds. */
function delayOf(ms: number): number {
  return Math.min(Math.max(0, ms), longestTimer)
}

function tooLate(): UsageError {
  return new UsageError('work cannot be awaited: its invocation has ended', {
    hint: 'Pass it to waitUntil before the handler returns: Lambda freezes the process after the answer.',
  })
}

function timeout(): TimeoutError {
  return new TimeoutError('the work did not end before the function’s timeout')
}
