import { randomUUID } from 'node:crypto'
import type { HttpApiEvent } from '../../adapters/lambda/http/event.ts'
import type { InvocationOutcome } from './lambda-runtime-api.ts'
import { responseOf } from '../../test/support/lambda-result.ts'
import type { Client } from './serve-fetch.ts'

/** What a synchronous invocation may carry. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxEvent = 6 * 1024 * 1024

const text = /^(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))\b)/i

/**
 * A request as the event that an HTTP API makes of it, payload 2.0; undefined when it would be too large for Lambda.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export async function toHttpApiEvent(request: Request, { address }: Client): Promise<HttpApiEvent | undefined> {
  const url = new URL(request.url)
  const headers = Object.fromEntries([...request.headers].filter(([name]) => name !== 'cookie'))
  const cookies = request.headers.get('cookie')?.split(/; */)
  const bytes = Buffer.from(await request.arrayBuffer())
  const isBase64Encoded = bytes.length > 0 && !text.test(request.headers.get('content-type') ?? '')
  const [domainPrefix = ''] = url.host.split('.')
  const now = new Date()
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookies !== undefined && { cookies }),
    headers: { ...headers, 'x-forwarded-for': address, 'x-forwarded-port': url.port, 'x-forwarded-proto': 'http' },
    ...(url.search.length > 1 && { queryStringParameters: joined(url.searchParams) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: url.host,
      domainPrefix,
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: address,
        userAgent: request.headers.get('user-agent') ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(bytes.length > 0 && { body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  }
  return Buffer.byteLength(JSON.stringify(event)) > maxEvent ? undefined : event
}

/** What an HTTP API answers with; a function that has failed is its `Internal Server Error`. */
export function toHttpApiResponse(outcome: InvocationOutcome | undefined): Response {
  if (outcome?.kind !== 'response') return failure(500, 'Internal Server Error')
  try {
    // An answer that is not a result of an HTTP event fails here.
    return responseOf(JSON.parse(outcome.body.toString()) as Parameters<typeof responseOf>[0])
  } catch {
    return failure(500, 'Internal Server Error')
  }
}

/** An HTTP API's own answer. */
export function failure(status: number, message: string): Response {
  return Response.json({ message }, { status })
}

function joined(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]))
}
