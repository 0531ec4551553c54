/**
 * Traces: the port that sinks are written for, and spans for your own code.
 *
 * @module
 */

export type { Measurement, MetricKind, NamedMeasurement } from '../core/tracing/measurement.ts'
export type { NamedOperation, Operation } from '../core/tracing/operation.ts'
export type { Attributes, AttributeValue, Span, SpanKind, Tracer } from '../core/tracing/tracer.ts'
export { traced } from '../core/tracing/traced.ts'
export { createTracer, type TracerOptions } from './create-tracer.ts'
export type { Metric, MetricPoint, MetricSink, SinkSpan, SpanStart, TraceSink } from './sink.ts'
