import type { MetricKind } from '../../core/tracing/measurement.ts'
import type { AttributeValue, SpanKind } from '../../core/tracing/tracer.ts'

/** A span as it was recorded. */
export interface RecordedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** `error.type`, where it has failed. */
  readonly failure: string | undefined
  readonly ended: boolean
  /** The span of the caller, in another process. */
  readonly callerId: string | undefined
  /** What it is made of, in the order in which that began. */
  readonly children: readonly RecordedSpan[]
}

/** The values of one metric that have the same attributes. */
export interface RecordedMetric {
  readonly name: string
  readonly kind: MetricKind
  readonly unit: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** In the order in which they came. */
  readonly values: readonly number[]
}
