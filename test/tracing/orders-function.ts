// Takes orders from a queue, stores them, and sends its spans to a collector by OTLP's protobuf.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { createApplication, defineConfig } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { openTelemetry } from 'lexigram-edge/opentelemetry'
import { DatabaseConfig, DbSession, sqlProvider } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'

const exporter = new OTLPTraceExporter({ url: process.env['COLLECTOR']! })
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 2 ** 30 })],
})
provider.register()

const app = createApplication({
  name: 'fulfilment',
  tracer: openTelemetry({ flush: () => provider.forceFlush() }),
  config: defineConfig({ database: DatabaseConfig }),
  providers: [sqlProvider({ drivers: [neon()] })],
})

export const handler = lambda(app, {
  on: {
    async sqs({ body }, scope) {
      const session = await scope.resolve(DbSession)
      await session.execute('insert into orders (item) values ($1)', [(body as { item: string }).item])
    },
  },
})
