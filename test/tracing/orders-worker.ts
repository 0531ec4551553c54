// Puts an order into a queue of SQS, and sends its spans to a collector by OTLP's JSON.
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createApplication } from 'lexigram-edge'
import { openTelemetry } from 'lexigram-edge/opentelemetry'
import { traced } from 'lexigram-edge/tracing'
import { workers } from 'lexigram-edge/workers'

interface Env {
  readonly COLLECTOR: string
  readonly QUEUE: string
}

function handlersOf({ COLLECTOR, QUEUE }: Env) {
  // Nothing is sent by a timer: the last spans of an isolate arrive because `flush` is awaited.
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: COLLECTOR }), { scheduledDelayMillis: 2 ** 30 })
  const provider = new BasicTracerProvider({ spanProcessors: [processor] })
  trace.setGlobalTracerProvider(provider)
  return workers(
    createApplication({
      name: 'orders',
      tracer: openTelemetry({ flush: () => provider.forceFlush() }),
      async fetch(request, _env, { span }) {
        const MessageBody = await request.text()
        await traced(span, { name: 'send jobs', kind: 'producer' }, async (sending) => {
          const StringValue = sending?.traceParent
          const MessageAttributes = { traceparent: { DataType: 'String', StringValue } }
          await fetch(QUEUE, { method: 'POST', body: JSON.stringify({ MessageBody, MessageAttributes }) })
        })
        return new Response('accepted', { status: 202 })
      },
    }),
  )
}

let handlers: ReturnType<typeof handlersOf> | undefined

export default {
  fetch(request: Request, env: Env, context: never): Promise<Response> {
    handlers ??= handlersOf(env)
    return handlers.fetch(request, env, context)
  },
}
