import { joinedBytes } from '../../core/joined-bytes.ts'
import type { ResultColumn, SqlText, Statement } from '../contract/driver.ts'
import { taggedRows, type TaggedRows } from '../contract/tagged-rows.ts'
import { AnswerTooLargeError, QueryError, TransactionError, type AnswerOutcome } from '../errors.ts'
import { meterAnswer, type AnswerLimit, type AnswerMeter, type MeteredStream } from './answer-meter.ts'

/** The connection of `pg`, and of Neon's library, which is made from it. */
export interface WireConnection {
  readonly stream: MeteredStream & { write(bytes: Uint8Array): unknown }
  parse(message: { readonly name: string; readonly text: string; readonly types: never[] }, more: boolean): void
  bind(message: { readonly values: SqlText[] }, more: boolean): void
  describe(message: { readonly type: 'P'; readonly name: string }, more: boolean): void
  execute(message: { readonly portal: string; readonly rows: string }, more: boolean): void
  sync(): void
}

/** A method that the vendors' types leave out. */
type CopyingConnection = WireConnection & { sendCopyFail(reason: string): void }

/** The parts of the protocol's messages that are read here. */
interface Messages {
  readonly rowDescription: { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] }
  readonly dataRow: { readonly fields: readonly SqlText[] }
  readonly commandComplete: { readonly text: string }
}

interface Answer {
  readonly promise: Promise<TaggedRows>
  readonly resolve: (rows: TaggedRows) => void
  readonly reject: (error: unknown) => void
}

/**
 * Statements for a vendor's client, which calls the `handle…` methods: all in one message with one Sync at its end, so
 * that they cost one round trip, and what follows one that fails is skipped. Always in the extended protocol, which
 * refuses a text with several statements before any has run. Cells stay text. Nothing is named, so that it works behind
 * a pooler. Without statements it is a ping.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class PipelineQuery {
  /** One for each statement, in their order. */
  readonly answers: readonly Promise<TaggedRows>[]
  /** Resolves when the server is ready for what comes next. */
  readonly ready: Promise<TaggedRows>
  #answered = false
  #onAnswered = (): void => {}
  /** Resolves when nothing more comes; answers settle later where the server has to be stopped first. */
  readonly answered = new Promise<void>((resolve) => (this.#onAnswered = resolve))
  readonly #statements: readonly Statement[]
  readonly #waiting: Answer[]
  /** What the server has carried out and not yet kept: outside of a transaction it commits at the Sync, which may fail. */
  readonly #done: { readonly answer: Answer; readonly rows: TaggedRows; readonly isCut: boolean }[] = []
  readonly #limit: AnswerLimit | undefined
  readonly #readiness = createAnswer()
  #columns: readonly ResultColumn[] = []
  #rows: (readonly SqlText[])[] = []
  #refusal: Error | undefined
  #isTooLarge = false
  /** Settles when nothing stops the server any more. */
  #stopped: Promise<void> | undefined
  /** Whether rows of the statement that is being answered were dropped. */
  #isCut = false
  #meter: AnswerMeter | undefined

  /** @param limit of the answer to all of them; a ping has none */
  constructor(statements: readonly Statement[], limit?: AnswerLimit) {
    this.#statements = statements
    this.#limit = limit
    this.#waiting = statements.map(() => createAnswer())
    this.answers = this.#waiting.map(({ promise }) => promise)
    this.ready = this.#readiness.promise
  }

  submit(connection: WireConnection): void {
    const limit = this.#limit
    if (limit !== undefined) this.#meter = meterAnswer(connection.stream, limit, () => this.#exceed(limit))
    const chunks: Uint8Array[] = []
    // What the vendor writes message by message would be as many packets on some runtimes.
    const stream = { writable: true, write: (bytes: Uint8Array) => chunks.push(bytes) }
    const recorder = Object.assign(Object.create(connection) as WireConnection, { stream })
    for (const { text, params } of this.#statements) {
      recorder.parse({ name: '', text, types: [] }, true)
      recorder.bind({ values: [...params] }, true)
      recorder.describe({ type: 'P', name: '' }, true)
      recorder.execute({ portal: '', rows: '' }, true)
    }
    recorder.sync()
    connection.stream.write(joinedBytes(chunks))
  }

  handleRowDescription({ fields }: Messages['rowDescription']): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }))
  }

  handleDataRow({ fields }: Messages['dataRow']): void {
    if (!this.#isTooLarge) return void this.#rows.push(fields)
    this.#isCut = true
    this.#meter?.onDropped()
  }

  handleCommandComplete({ text }: Messages['commandComplete']): void {
    const answer = this.#waiting.shift()
    if (this.#refusal !== undefined) answer?.reject(this.#refusal)
    else if (answer !== undefined) {
      this.#done.push({ answer, rows: taggedRows(text, this.#columns, this.#rows), isCut: this.#isCut })
    }
    this.#refusal = undefined
    this.#isCut = false
    this.#columns = []
    this.#rows = []
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  handlePortalSuspended(): void {}

  /** The server waits for data that there is no stream for, and has not read the Sync that was sent already. */
  handleCopyInResponse(connection: CopyingConnection): void {
    connection.sendCopyFail('a session has no stream to copy from')
    connection.sync()
  }

  handleCopyData(): void {
    this.#refusal = new QueryError('a statement cannot copy to its client: a session has no such stream')
  }

  /** Of the server, at a statement or at the Sync, or of a connection that was lost. */
  handleError(error: unknown): void {
    if (this.#answered) return this.#finish()
    const isRefusal = hasSqlState(error)
    const reason = this.#reasonOf(error, isRefusal)
    const [failed, ...skipped] = this.#waiting.splice(0)
    // One that fails after others leaves them done; at the Sync, or with the connection, nothing is known to be kept.
    if (isRefusal && failed !== undefined) this.#resolveDone('undone')
    for (const { answer } of this.#done.splice(0)) answer.reject(reason)
    failed?.reject(reason)
    for (const answer of skipped) answer.reject(isRefusal ? skippedError(reason) : reason)
    if (!isRefusal || this.#statements.length === 0) this.#readiness.reject(reason)
    // After a refusal nothing comes but that the server is ready, which vendors do not pass to a query that was
    // refused.
    this.#end()
  }

  handleReadyForQuery(): void {
    // Every statement has been answered by now, unless what answered was no server.
    if (this.#waiting.length > 0) this.handleError(new Error('the server answered fewer statements than were sent'))
    this.#end()
    // What asks the server to stop may still be on its way, and would stop what comes next.
    if (this.#stopped === undefined) this.#finish()
    else void this.#stopped.then(() => this.#finish())
  }

  /** Drops the rows of the statement that is being answered, and of those after it. */
  #exceed(limit: AnswerLimit): void {
    this.#isTooLarge = true
    this.#isCut = this.#waiting.length > 0
    this.#rows = []
    this.#stopped = limit.stop()
  }

  #reasonOf(error: unknown, isRefusal: boolean): unknown {
    if (!this.#isTooLarge || this.#limit === undefined) return error
    const { maxBytes } = this.#limit
    if (!isRefusal) return new AnswerTooLargeError(maxBytes, 'unknown')
    // Query_canceled: it was stopped on this side's request.
    return Reflect.get(Object(error), 'code') === '57014' ? new AnswerTooLargeError(maxBytes, 'undone') : error
  }

  /** Whether nothing more comes. */
  get isAnswered(): boolean {
    return this.#answered
  }

  #end(): void {
    this.#answered = true
    this.#meter?.end()
    this.#onAnswered()
  }

  #finish(): void {
    this.#resolveDone('done')
    this.#readiness.resolve(nothing)
  }

  /** @param outcome of statements whose rows were dropped */
  #resolveDone(outcome: AnswerOutcome): void {
    for (const { answer, rows, isCut } of this.#done.splice(0)) {
      if (isCut) answer.reject(new AnswerTooLargeError(this.#limit?.maxBytes ?? 0, outcome))
      else answer.resolve(rows)
    }
  }
}

/** Whether the server sent it, as what it thinks of a statement. */
export function hasSqlState(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && Reflect.get(Object(error), 'severity') !== undefined
}

const nothing: TaggedRows = { columns: [], rows: [], rowCount: 0, tag: '' }

function createAnswer(): Answer {
  let resolve: Answer['resolve'] = () => {}
  let reject: Answer['reject'] = () => {}
  const promise = new Promise<TaggedRows>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // The sender of the statements asks for the first that fails.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}

function skippedError(cause: unknown): TransactionError {
  return new TransactionError('the statement cannot run: an earlier one of its transaction has failed', { cause })
}
