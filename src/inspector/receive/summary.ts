import type { SpanRecord } from '../wire.ts'
import { repeatsIn } from './repeats.ts'
import { shapeOf } from './shape.ts'
import type { StoredTrace } from './trace-store.ts'

/** One line of the list of requests and jobs. */
export interface Summary {
  readonly id: string
  readonly applicationId: string
  readonly traceId: string
  readonly number: number
  readonly name: string
  readonly kind: 'request' | 'job' | 'boot'
  /** The path of a request, the queue of a message. */
  readonly detail: string
  readonly start: number
  /** In milliseconds; absent while it goes on. */
  readonly duration?: number
  readonly status?: number
  readonly failure?: string
  /** Parts that have failed. */
  readonly failedParts: number
  readonly isSlow: boolean
  readonly spans: number
  readonly calls: number
  readonly repeats: number
  /** Documents were scanned, or a residual was checked, where an index could have answered. */
  readonly scans: number
}

/** From so many milliseconds on a request is marked as slow, and a call of a database. */
export const slowRequest = 500
export const slowCall = 100

export function summarize(trace: StoredTrace): Summary | undefined {
  const { root, spans } = trace
  if (root === undefined) return undefined
  const all = [...spans.values()]
  const { attributes } = root
  const duration = root.end === undefined ? undefined : root.end - root.start
  const status = attributes['http.response.status_code']
  const repeats = repeatsIn(all)
  return {
    id: trace.rootId,
    applicationId: trace.applicationId,
    traceId: root.traceId,
    number: trace.number,
    name: nameOf(root),
    kind: kindOf(trace),
    detail: String(attributes['url.path'] ?? attributes['messaging.destination.name'] ?? attributes['faas.cron'] ?? ''),
    start: root.start,
    ...(duration !== undefined && { duration }),
    ...(typeof status === 'number' && { status }),
    ...(root.failure !== undefined && { failure: root.failure }),
    failedParts: all.filter(({ failure, spanId }) => failure !== undefined && spanId !== root.spanId).length,
    isSlow: (duration ?? 0) >= slowRequest,
    spans: all.length,
    calls: all.filter((span) => shapeOf(span) !== undefined).length,
    repeats: repeats.length,
    scans: all.filter((span) => span.attributes['lexigram.plan.scan'] === true).length,
  }
}

/** A request without a route is named by its method alone: then its path says more. */
function nameOf({ name, attributes }: SpanRecord): string {
  const path = attributes['url.path']
  return path !== undefined && name === attributes['http.request.method'] ? `${name} ${path}` : name
}

function kindOf({ root }: StoredTrace): Summary['kind'] {
  if (root?.attributes['http.request.method'] !== undefined) return 'request'
  return root?.name === 'boot' && root.attributes['lexigram.application'] !== undefined ? 'boot' : 'job'
}
