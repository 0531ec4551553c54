import type { Attributes, SpanKind } from './attributes.ts'

/** Work that an application names itself. */
export interface NamedOperation {
  readonly name: string
  /** @default 'internal' */
  readonly kind?: SpanKind
  readonly attributes?: Attributes
}

/** A message, job or call that an adapter passes on. */
export interface TriggeredOperation {
  readonly is: 'trigger'
  /** What the adapter calls it: `queue`, `sqs`, `schedule`, `rpc`, … */
  readonly trigger: string | undefined
  /** The queue, topic or class that it came from, where the event does not say so. */
  readonly source: string | undefined
  readonly event: unknown
  readonly id: string
}

/** A call of the database: one statement, or several in one transaction. */
export interface SqlOperation {
  readonly is: 'sql'
  readonly statements: readonly { readonly text: string }[]
}

/** A session of a database, from its opening to its end. */
export interface SessionOperation {
  readonly is: 'session'
  /** The name of the database; undefined for the only one. */
  readonly database: string | undefined
}

/** The release of one instance that took long. It is described afterwards, since most take no time. */
export interface DisposerOperation {
  readonly is: 'disposer'
  /** The token's name. */
  readonly token: string
  /** When the release began, in milliseconds since 1970. */
  readonly startedAt: number
  /** For sinks that cannot begin a span in the past. */
  readonly durationMs: number
}

/** A wait for one of a limited number of connections, or for one to open. */
export interface WaitOperation {
  readonly is: 'wait'
  /** By the conventions, such as `postgresql`. */
  readonly system: string
  /** The name of the database; undefined for the only one. */
  readonly pool?: string | undefined
}

/** One request to a backend, of those that an operation on documents takes. */
export interface BackendOperation {
  readonly is: 'backend'
  /** The driver's name. */
  readonly driver: string
  /** As the backend calls it, such as `TransactWriteItems`. */
  readonly request: string
  /** From 1; those after it are repetitions. */
  readonly attempt: number
  /** Where the backend's requests name one. */
  readonly collection?: string | undefined
}

/** One operation on a collection, or a transaction over several. */
export interface DocumentOperation {
  readonly is: 'document'
  /** The driver's name. */
  readonly driver: string
  /** As the collection's method is called, or `transaction`. */
  readonly operation: string
  readonly collection?: string
  /** How many writes a bulk has. */
  readonly size?: number
}

/**
 * An operation that is about to begin, described by its facts. The tracer knows the names and attributes, so that an
 * application without a tracer does not contain them.
 */
export type Operation =
  | NamedOperation
  | { readonly is: 'request'; readonly request: Request }
  | TriggeredOperation
  | { readonly is: 'boot'; readonly application: string }
  | { readonly is: 'provider'; readonly provider: string; readonly phase: 'register' | 'boot' }
  | { readonly is: 'dispose' }
  | { readonly is: 'background' }
  | { readonly is: 'transaction' }
  | SessionOperation
  | DisposerOperation
  | WaitOperation
  | SqlOperation
  | DocumentOperation
  | BackendOperation
