import * as platform from 'cloudflare:workers'
import { assertOptions } from '../../../src/core/assert-options.ts'
import { UsageError } from '../../../src/core/errors.ts'
import type { Tracer } from '../../../src/core/tracing/tracer.ts'
import { createTracer, tracerChecks, type TracerOptions } from '../../../src/tracing/create-tracer.ts'
import { NativeSinkSpan } from './native-span.ts'
import type { NativeTracing } from './native-tracing.ts'

/**
 * A tracer whose spans are Cloudflare's: they stand beneath that of the invocation, beside those which the platform makes
 * of `fetch`, KV and D1, and go where the Worker's `observability` settings say. Spans nest by the asynchronous context,
 * for which the Worker needs the flag `nodejs_compat`; without it all are beneath the invocation's. The platform decides
 * whose trace it is: a caller's `traceparent` is not read.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a compatibility date before 2026-07-28, which has no spans that outlast a call
 * @see https://developers.cloudflare.com/workers/observability/traces/custom-spans/
 * @example
 * import { createApplication } from 'lexigram-edge'
 * import { cloudflareTracer } from 'lexigram-edge/workers/tracing'
 *
 * export const app = createApplication({ name: 'shop', tracer: cloudflareTracer(), fetch: routes.fetch })
 */
export function cloudflareTracer(options: TracerOptions = {}): Tracer {
  assertOptions(options, tracerChecks, 'the options of a tracer')
  // A namespace, because an older runtime has no export of this name.
  const { tracing } = platform as { readonly tracing?: NativeTracing }
  const start = tracing?.startActiveSpan?.bind(tracing)
  if (start === undefined) {
    throw new UsageError('cloudflareTracer cannot begin spans: the runtime has no tracing.startActiveSpan', {
      hint: 'Set compatibility_date to 2026-07-28 or later.',
    })
  }
  return createTracer(
    {
      start({ name, kind, attributes, parent }) {
        // What a sink is given as a parent, it has made.
        const within = parent as NativeSinkSpan | undefined
        const active = tracing?.getActiveSpan?.()?.spanContext?.()
        const around = within === undefined ? active?.spanId : within.around
        const begin = (): NativeSinkSpan => start(name, (span) => new NativeSinkSpan(span, around))
        // What is current within the trace is closer.
        const isInside = active?.traceId === within?.traceId && active?.spanId !== around
        const span = within === undefined || isInside ? begin() : within.run(begin)
        span.set('span.kind', kind)
        for (const [attribute, value] of Object.entries(attributes)) span.set(attribute, value)
        return span
      },
    },
    options,
  )
}
