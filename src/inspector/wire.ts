import type { Io, Lifetime } from '../core/lifetime.ts'
import type { AttributeValue, SpanKind } from '../core/tracing/tracer.ts'

/** A span as it is sent: when it begins, and again when it has ended. */
export interface SpanRecord {
  readonly traceId: string
  readonly spanId: string
  /** What it is a part of, in this process. */
  readonly parentId?: string
  /** The request, message, job or boot that it belongs to: itself, for one of these. */
  readonly rootId: string
  readonly name: string
  readonly kind: SpanKind
  /** In milliseconds since the epoch. */
  readonly start: number
  /** The same; absent while it goes on. */
  readonly end?: number
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** `error.type`, where it has failed. */
  readonly failure?: string
}

/** One registration of the container, or another token for one. */
export interface GraphNode {
  readonly name: string
  readonly lifetime: Lifetime
  readonly io: Io
  readonly async: boolean
  /** The provider that has registered it; empty for what the application itself brings. */
  readonly by: string
  /** Names of what it needs: tokens as they were asked for, aliases among them. */
  readonly needs: readonly string[]
  /** Where it is another token for this one; the rest is that of the registration in the end. */
  readonly aliasOf?: string
}

/** One setting. Its value is text that is safe to show; absent where it is hidden. */
export interface SettingRecord {
  readonly section: string
  readonly path: string
  readonly value?: string
  readonly description: string
}

export interface HealthRecord {
  readonly status: string
  /** When it was asked for, in milliseconds since the epoch. */
  readonly at: number
  readonly checks: readonly { readonly name: string; readonly status: string; readonly durationMs: number }[]
}

/** A running application: one process or isolate that has booted for one environment. */
export interface ApplicationRecord {
  readonly id: string
  readonly name: string
  readonly runtime: string
  readonly bootedAt: number
  readonly graph: readonly GraphNode[]
  readonly settings: readonly SettingRecord[]
  /** Tokens whose instances were made: singletons that are there, and what scopes have needed so far. */
  readonly used: readonly string[]
  /** Singletons that have to be released when the application is shut down, newest first: what is held open. */
  readonly held: readonly string[]
  readonly health?: HealthRecord
}

/** What an application sends at once. */
export interface Batch {
  readonly application: Pick<ApplicationRecord, 'id' | 'name'> | ApplicationRecord
  readonly spans: readonly SpanRecord[]
  /** How many spans it has left out since the last batch, because they came faster than they could be sent. */
  readonly dropped: number
}

/** The variable of the environment that says where the inspector is. */
export const inspectorVariable = 'LEXIGRAM_INSPECTOR'
