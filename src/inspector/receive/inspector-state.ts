import type { ApplicationRecord, Batch, SpanRecord } from '../wire.ts'
import { bytesOf } from '../bytes-of.ts'
import { repeatsIn, type Repeat } from './repeats.ts'
import { groupStatements, type StatementGroup } from './statements.ts'
import { summarize, type Summary } from './summary.ts'
import { createTraceStore, type TraceStoreOptions } from './trace-store.ts'

/** All that a page needs to begin with. */
export interface Overview {
  readonly applications: readonly ApplicationRecord[]
  /** Newest first. */
  readonly requests: readonly Summary[]
  readonly dropped: Dropped
  /** How many requests and jobs are kept. */
  readonly mostRequests: number
}

export interface Dropped {
  /** Requests and jobs that gave way to newer ones. */
  readonly traces: number
  /** Spans that applications could not send. */
  readonly spans: number
}

/** One request or job with all its parts. */
export interface TraceDetail {
  readonly summary: Summary
  /** In the order in which they began. */
  readonly spans: readonly SpanRecord[]
  readonly repeats: readonly Repeat[]
}

/** What has changed, for those who follow. */
export type Change =
  | { readonly type: 'requests'; readonly requests: readonly Summary[]; readonly dropped: Dropped }
  | { readonly type: 'application'; readonly application: ApplicationRecord }
  | { readonly type: 'cleared' }

export interface InspectorState {
  take(batch: Batch): void
  overview(): Overview
  trace(id: string): TraceDetail | undefined
  statements(): readonly StatementGroup[]
  clear(): void
  /** Calls `listener` with each change; returns what ends that. */
  follow(listener: (change: Change) => void): () => void
}

/** An edited program boots anew each time: the oldest give way. */
const mostApplications = 20
const mostApplicationBytes = 32 * 1024 * 1024

/** What the inspector knows, without the server around it. */
export function createInspectorState(options: TraceStoreOptions = {}): InspectorState {
  const store = createTraceStore(options)
  const applications = new Map<string, { readonly application: ApplicationRecord; readonly bytes: number }>()
  const listeners = new Set<(change: Change) => void>()
  let lost = 0
  const notify = (change: Change): void => listeners.forEach((listener) => listener(change))
  const dropped = (): Dropped => ({ traces: store.dropped, spans: lost })

  const keepApplication = (application: Batch['application']): void => {
    if (!('graph' in application)) return
    applications.delete(application.id)
    applications.set(application.id, { application, bytes: bytesOf(application) })
    let bytes = [...applications.values()].reduce((sum, kept) => sum + kept.bytes, 0)
    for (const [id, oldest] of applications) {
      const isOverfull = applications.size > mostApplications || bytes > mostApplicationBytes
      if (!isOverfull || id === application.id) return
      applications.delete(id)
      bytes -= oldest.bytes
    }
  }

  return {
    take({ application, spans, dropped: left }) {
      lost += left
      keepApplication(application)
      if ('graph' in application) notify({ type: 'application', application })
      const touched = new Set(spans.flatMap((span) => store.put(application.id, span) ?? []))
      // What came early in a batch may have given way to what came late.
      const kept = [...touched].filter(({ rootId }) => store.traces.has(rootId))
      const requests = kept.flatMap((trace) => summarize(trace) ?? [])
      if (requests.length > 0 || left > 0) notify({ type: 'requests', requests, dropped: dropped() })
    },
    overview: () => ({
      applications: [...applications.values()].map(({ application }) => application),
      requests: [...store.traces.values()].flatMap((trace) => summarize(trace) ?? []).toReversed(),
      dropped: dropped(),
      mostRequests: store.maxTraces,
    }),
    trace(id) {
      const trace = store.traces.get(id)
      const summary = trace && summarize(trace)
      if (trace === undefined || summary === undefined) return undefined
      const spans = [...trace.spans.values()].toSorted((a, b) => a.start - b.start)
      return { summary, spans, repeats: repeatsIn(spans) }
    },
    statements: () => groupStatements(store.traces.values()),
    clear() {
      store.clear()
      lost = 0
      notify({ type: 'cleared' })
    },
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
