import { token, type Token } from '../token.ts'

/** How much a line matters, the least first. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const

/** How serious a line of the log is. */
export type LogLevel = (typeof logLevels)[number]

/** What a line says beside its message, by name. A `Secret` in it is written as `[secret]`, wherever it is. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Writes lines with the ids of their request, message and trace. Scoped: inject it, or resolve it from the scope.
 * No method throws, and none waits.
 *
 * @example
 * import { Log } from 'lexigram-edge'
 *
 * class Orders {
 *   static readonly inject = [Log] as const
 *   constructor(private readonly log: Log) {}
 *   place(id: string) { this.log.info('order placed', { id }) }
 * }
 */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** Whether lines of this level are written: ask before you make costly fields. */
  writes(level: LogLevel): boolean
  /** A log whose lines have these fields too; those of a line go before them. */
  with(fields: LogFields): Log
}

/** What a class injects to write lines; what each of them says of its request is added. */
export const Log: Token<Log> = token<Log>('Log')

/** One line, before it is text: values are JSON, without secrets, cycles or what is too long. */
export interface LogRecord {
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly level: LogLevel
  readonly message: string
  /** `requestId` of the `RequestContext`. */
  readonly requestId?: string
  /** Of the queue's or stream's message that is being processed. */
  readonly messageId?: string
  readonly traceId?: string
  readonly spanId?: string
  readonly fields?: Readonly<Record<string, LogValue>>
}

/** What is left of a field: JSON. */
export type LogValue = string | number | boolean | null | readonly LogValue[] | { readonly [name: string]: LogValue }

/** Where lines go. What it throws fails no request: the line goes to the console, and one that says so. */
export type LogWriter = (record: LogRecord) => void
