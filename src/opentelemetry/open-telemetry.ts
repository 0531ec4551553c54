import {
  context,
  ProxyTracerProvider,
  SpanKind,
  trace,
  type Context,
  type Meter,
  type Tracer as VendorTracer,
  type TracerProvider,
} from '@opentelemetry/api'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import type { SpanKind as Kind, Tracer } from '../core/tracing/tracer.ts'
import { createTracer, tracerChecks, type TracerOptions } from '../tracing/create-tracer.ts'
import type { SpanStart } from '../tracing/sink.ts'
import { instruments } from './instruments.ts'
import { OpenTelemetrySpan } from './sink-span.ts'

/** Options of `openTelemetry`. */
export interface OpenTelemetryOptions extends TracerOptions {
  /** @default `trace.getTracer('lexigram-edge')`, asked for when a span begins */
  readonly tracer?: VendorTracer
  /** Where metrics go. @default `metrics.getMeter('lexigram-edge')`, asked for when something is measured */
  readonly meter?: Meter
  /**
   * Sends what the SDK holds back: `() => provider.forceFlush()`. Called when an invocation is over, within `waitUntil`,
   * on platforms that may stop the process then, and before the answer of a Lambda function.
   * @default the SDK sends it on its own time, as ADOT and `@vercel/otel` do
   */
  readonly flush?: () => void | Promise<void>
}

const optionChecks = {
  ...tracerChecks,
  tracer: must.beObject,
  meter: must.beObject,
  flush: must.beFunction,
} satisfies Readonly<Record<keyof OpenTelemetryOptions, OptionCheck>>

const kinds: Readonly<Record<Kind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

/**
 * A tracer whose spans and metrics go to OpenTelemetry's SDK: that of Node, ADOT on Lambda, `@vercel/otel`. A request that the SDK or
 * `@hono/otel` traces already is what the spans belong to; otherwise it is the caller's trace. Spans are current while
 * their work runs, so that what the SDK instruments, such as `fetch`, belongs to them.
 *
 * Where no SDK is registered, nothing is recorded. Metrics need an SDK for metrics.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a `maxSpans` or `maxSeries` below 1
 * @example
 * import { createApplication } from 'lexigram-edge'
 * import { openTelemetry } from 'lexigram-edge/opentelemetry'
 *
 * export const app = createApplication({ name: 'shop', tracer: openTelemetry(), fetch: routes.fetch })
 */
export function openTelemetry(given: OpenTelemetryOptions = {}): Tracer {
  const { tracer, meter, flush, ...options } = assertOptions(given, optionChecks, 'the options of openTelemetry')
  const vendorOf = tracer === undefined ? currentTracer() : () => tracer
  // What a sink is given as a parent, it has made.
  const start = ({ name, kind, attributes, parent, caller, startedAt }: SpanStart): OpenTelemetrySpan => {
    const around = parent === undefined ? rootContext(caller) : partContext(parent as OpenTelemetrySpan)
    const outside =
      parent === undefined ? trace.getSpanContext(context.active())?.spanId : (parent as OpenTelemetrySpan).around
    const span = vendorOf().startSpan(
      name,
      { kind: kinds[kind], attributes, ...(startedAt && { startTime: startedAt }) },
      around,
    )
    return new OpenTelemetrySpan(span, trace.setSpan(around, span), outside)
  }
  return createTracer({ start, record: instruments(meter), ...(flush !== undefined && { flush }) }, options)
}

/** The tracer of what is registered when it is asked for, kept until something else is. */
function currentTracer(): () => VendorTracer {
  let registered: TracerProvider | undefined
  let kept: VendorTracer | undefined
  return () => {
    const provider = trace.getTracerProvider()
    const current = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider
    if (kept === undefined || current !== registered) {
      registered = current
      kept = current.getTracer('lexigram-edge')
    }
    return kept
  }
}

/** What a trace begins in: what is traced already, or the caller's span. */
function rootContext(caller: SpanStart['caller']): Context {
  const current = context.active()
  if (caller === undefined || trace.getSpan(current) !== undefined) return current
  const { traceId, parentId, sampled } = caller
  return trace.setSpanContext(current, { traceId, spanId: parentId, traceFlags: sampled ? 1 : 0, isRemote: true })
}

/** What a part begins in: what is current within the trace, as that is closer; else its parent. */
function partContext(parent: OpenTelemetrySpan): Context {
  const current = context.active()
  const span = trace.getSpanContext(current)
  return span?.traceId === parent.traceId && span.spanId !== parent.around ? current : parent.context
}
