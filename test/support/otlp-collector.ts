import { serveFetch } from '../../tools/runtimes/serve-fetch.ts'
import { readFields } from './protobuf-fields.ts'

/** A span as it came, its ids in hexadecimal. */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
}

export interface OtlpCollector extends AsyncDisposable {
  /** Where exporters send traces to. */
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  /** The content types of the requests. */
  readonly formats: ReadonlySet<string>
  /** All that came, as text. */
  readonly text: () => string
}

/** A collector of OTLP over HTTP that keeps the spans it receives. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = []
  const formats = new Set<string>()
  const bodies: Buffer[] = []
  const server = await serveFetch(async (request) => {
    const format = request.headers.get('content-type') ?? ''
    const isJson = format === 'application/json'
    const body = Buffer.from(await request.arrayBuffer())
    spans.push(...(isJson ? spansOfJson(body) : spansOfProtobuf(body)))
    formats.add(format)
    bodies.push(body)
    return new Response(isJson ? '{}' : '', { headers: { 'content-type': format } })
  }, 0)
  return {
    url: `${server.url}/v1/traces`,
    spans,
    formats,
    text: () => Buffer.concat(bodies).toString('latin1'),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

function spansOfJson(body: Buffer): CollectedSpan[] {
  const { resourceSpans } = JSON.parse(body.toString()) as {
    readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[] }[]
  }
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    .map(({ traceId, spanId, parentSpanId, name }) => ({ traceId, spanId, parentSpanId, name }))
}

/** By the numbers of the fields: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
function spansOfProtobuf(body: Buffer): CollectedSpan[] {
  const within = (message: Buffer, field: number): readonly Buffer[] => readFields(message).get(field) ?? []
  const scopes = within(body, 1).flatMap((resource) => within(resource, 2))
  return scopes
    .flatMap((scope) => within(scope, 2))
    .map((span) => {
      const fields = readFields(span)
      const hex = (field: number): string => (fields.get(field)?.[0] ?? Buffer.alloc(0)).toString('hex')
      const name = fields.get(5)?.[0]?.toString() ?? ''
      return { traceId: hex(1), spanId: hex(2), parentSpanId: hex(4) || undefined, name }
    })
}
