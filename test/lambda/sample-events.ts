import type { HttpEvent } from '../../adapters/lambda/http/event.ts'

/** What a client sends, for tests that make each source's event of it as AWS documents it. */
export interface Sample {
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: Uint8Array
}

export type Source = HttpEvent['kind'] | 'alb multi'
export const sources: readonly Source[] = ['rest', 'http', 'alb', 'alb multi', 'lattice']

export async function sampleOf(path: string, init: RequestInit = {}): Promise<Sample> {
  const request = new Request(`https://x.test${path}`, init)
  const url = new URL(request.url)
  const body = new Uint8Array(await request.arrayBuffer())
  return {
    method: request.method,
    path: url.pathname,
    query: [...url.searchParams],
    headers: [['host', 'x.test'], ...request.headers],
    ...(body.length > 0 && { body }),
  }
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function eventOf(source: Source, sample: Sample): object {
  const encoded = new URLSearchParams(sample.query.map(([name, value]) => [name, value])).toString()
  const body = sample.body === undefined ? null : Buffer.from(sample.body).toString('base64')
  const common = { body, isBase64Encoded: body !== null }
  const raw = sample.query.map(([name, value]) => [encodeURIComponent(name), encodeURIComponent(value)] as const)
  switch (source) {
    case 'rest':
      return {
        ...common,
        httpMethod: sample.method,
        path: sample.path,
        headers: singles(sample.headers),
        multiValueHeaders: groups(sample.headers),
        queryStringParameters: singles(sample.query),
        multiValueQueryStringParameters: groups(sample.query),
        requestContext: { stage: 'prod', domainName: 'x.test' },
      }
    case 'http':
      return {
        ...common,
        version: '2.0',
        rawPath: sample.path,
        rawQueryString: encoded,
        headers: joined(sample.headers),
        requestContext: { stage: '$default', domainName: 'x.test', http: { method: sample.method } },
      }
    case 'alb':
    case 'alb multi': {
      const multi = source === 'alb multi'
      return {
        ...common,
        httpMethod: sample.method,
        path: sample.path,
        ...(multi
          ? { multiValueHeaders: groups(sample.headers), multiValueQueryStringParameters: groups(raw) }
          : { headers: joined(sample.headers), queryStringParameters: singles(raw) }),
        requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } },
      }
    }
    case 'lattice':
      return {
        ...common,
        version: '2.0',
        method: sample.method,
        path: sample.path,
        headers: groups(sample.headers),
        queryStringParameters: groups(sample.query),
        requestContext: { serviceArn: 'arn:aws:vpc-lattice:…' },
      }
  }
}

type Pairs = readonly (readonly [string, string])[]

/** The last value of each name, as sources without multiple values have it. */
function singles(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs)
}

function joined(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(Object.entries(groups(pairs)).map(([name, values]) => [name, values.join(',')]))
}

function groups(pairs: Pairs): Record<string, string[]> {
  const all = new Map<string, string[]>()
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value])
  return Object.fromEntries(all)
}
