import { metrics } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { afterEach, describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { NoSqlConfig } from '../nosql/config.ts'
import { memory } from '../nosql/drivers/memory/index.ts'
import { noSqlProvider } from '../nosql/provider.ts'
import { DocumentStore } from '../nosql/store/document-store.ts'
import { createApplication } from '../runtime/application.ts'
import { startTestApplication } from '../testing/test-application.ts'
import { serveFetch } from '../../tools/runtimes/serve-fetch.ts'
import { openTelemetry } from './open-telemetry.ts'

/** What the tests read of OTLP's JSON. */
interface Exported {
  readonly name: string
  readonly unit: string
  readonly histogram?: { readonly dataPoints: readonly Point[] }
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly Point[] }
}
interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
  readonly count?: number
  readonly explicitBounds?: readonly number[]
  readonly asDouble?: number
}

/** A collector that keeps what it gets. */
async function collector() {
  const got: Exported[] = []
  const server = await serveFetch(async (request) => {
    got.push(...ownMetrics(await request.json()))
    return Response.json({})
  }, 0)
  return { got, url: `${server.url}/v1/metrics`, [Symbol.asyncDispose]: () => server.close() }
}

function ownMetrics(body: unknown): readonly Exported[] {
  const { resourceMetrics } = body as {
    resourceMetrics: { scopeMetrics: { scope: { name: string }; metrics: Exported[] }[] }[]
  }
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.filter(({ scope }) => scope.name === 'lexigram-edge').flatMap((own) => own.metrics),
  )
}

afterEach(() => metrics.disable())

describe('OpenTelemetry’s SDK for metrics', () => {
  it('sends them to a collector, by its own protocol', async () => {
    await using place = await collector()
    // Made before the SDK is registered, as modules are loaded in any order.
    let provider: MeterProvider | undefined
    const tracer = openTelemetry({ flush: () => provider?.forceFlush() })
    tracer.measure({ name: 'app.early', value: 1 })
    const exporter = new OTLPMetricExporter({ url: place.url })
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 })
    provider = new MeterProvider({ readers: [reader] })
    metrics.setGlobalMeterProvider(provider)
    const app = createApplication({
      name: 'shop',
      tracer,
      onError: () => {},
      config: defineConfig({ nosql: NoSqlConfig }),
      providers: [noSqlProvider({ drivers: [memory()] })],
      async fetch(_request, _env, { scope, span }) {
        const store = await scope.resolve(DocumentStore)
        await store.collection('users').insertOne({ _id: 'a', card: '4111 1111 1111 1111' })
        span?.measure({ name: 'app.open', value: 2, kind: 'upDownCounter', unit: '{cart}' })
        span?.measure({ name: 'app.open', value: -1, kind: 'upDownCounter', unit: '{cart}' })
        span?.measure({ name: 'app.orders', value: 3, unit: '{order}', attributes: { 'app.currency': 'EUR' } })
        return new Response('done')
      },
    })
    await using shop = await startTestApplication(app, { env: { NOSQL_DRIVER: 'memory' } })
    await (await shop.fetch('/')).text()
    expect(await (await shop.fetch('/')).text()).toContain('409')
    await shop.settled()
    await tracer.flush?.()
    await provider.shutdown()

    const duration = place.got.find(({ name }) => name === 'db.client.operation.duration')
    expect(duration?.unit).toBe('s')
    const attributes = [
      { key: 'db.system.name', value: { stringValue: 'memory' } },
      { key: 'db.operation.name', value: { stringValue: 'insertOne' } },
      { key: 'db.collection.name', value: { stringValue: 'users' } },
    ]
    const explicitBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
    expect(duration?.histogram?.dataPoints).toMatchObject([
      { attributes, count: 1, explicitBounds },
      { attributes: [...attributes, { key: 'error.type', value: { stringValue: 'LEX_ERR_DB_005' } }], count: 1 },
    ])
    expect(place.got.find(({ name }) => name === 'app.orders')).toMatchObject({
      unit: '{order}',
      sum: { isMonotonic: true, dataPoints: [{ asDouble: 3 }] },
    })
    expect(place.got.find(({ name }) => name === 'app.open')).toMatchObject({
      unit: '{cart}',
      sum: { dataPoints: [{ asDouble: 1 }] },
    })
    expect(JSON.stringify(place.got)).not.toContain('4111')
  })

  it('needs none to be registered', () => {
    const told: unknown[] = []
    const tracer = openTelemetry()
    tracer.reportTo((error) => told.push(error))
    tracer.measure({ name: 'app.orders', value: 1 })
    expect([told, tracer.flush]).toEqual([[], undefined])
  })
})
