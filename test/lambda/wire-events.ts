/**
 * A client's request as each HTTP source hands it to Lambda, written from AWS's documentation and not from what the
 * adapter makes of it.
 */
export interface ClientRequest {
  readonly method: string
  /** As the client has written it. */
  readonly path: string
  /** Decoded. */
  readonly query: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [string, readonly string[]])[]
  readonly cookies: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

interface Writer {
  readonly write: (request: ClientRequest) => object
  /** What of a request fits into the event. */
  readonly carries: { readonly repeatedQuery: boolean; readonly repeatedHeaders: boolean }
}

const everything = { repeatedQuery: true, repeatedHeaders: true }

export const writers: Readonly<Record<string, Writer>> = {
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
  'a REST API': {
    carries: everything,
    write: (request) => ({
      resource: '/{proxy+}',
      path: request.path,
      httpMethod: request.method,
      headers: lastValues(headersOf(request)),
      multiValueHeaders: Object.fromEntries(headersOf(request)),
      queryStringParameters: orNull(lastValues(queryOf(request, same))),
      multiValueQueryStringParameters: orNull(Object.fromEntries(queryOf(request, same))),
      pathParameters: { proxy: request.path.slice(1) },
      stageVariables: null,
      requestContext: {
        accountId: '123456789012',
        domainName: 'x.test',
        httpMethod: request.method,
        identity: { sourceIp: '192.0.2.1', userAgent: 'test' },
        path: `/prod${request.path}`,
        protocol: 'HTTP/1.1',
        stage: 'prod',
      },
      ...bodyOf(request),
    }),
  },
  /** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
  'a function URL': { carries: everything, write: (request) => payload2(request, '$default') },
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
  'an HTTP API with a named stage': { carries: everything, write: (request) => payload2(request, 'prod') },
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
  'a load balancer': {
    carries: { repeatedQuery: false, repeatedHeaders: false },
    write: (request) => ({
      requestContext: {
        elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/x/y' },
      },
      httpMethod: request.method,
      path: request.path,
      queryStringParameters: lastValues(queryOf(request, encodeURIComponent)),
      headers: lastValues(headersOf(request)),
      ...bodyOf(request, ''),
    }),
  },
  'a load balancer with multiple values': {
    carries: everything,
    write: (request) => ({
      requestContext: {
        elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/x/y' },
      },
      httpMethod: request.method,
      path: request.path,
      multiValueQueryStringParameters: Object.fromEntries(queryOf(request, encodeURIComponent)),
      multiValueHeaders: Object.fromEntries(headersOf(request)),
      ...bodyOf(request, ''),
    }),
  },
  /** https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html */
  'VPC Lattice': {
    carries: everything,
    write: (request) => ({
      version: '2.0',
      path: request.path,
      method: request.method,
      headers: Object.fromEntries(headersOf(request)),
      queryStringParameters: Object.fromEntries(queryOf(request, same)),
      requestContext: {
        serviceNetworkArn: 'arn:aws:vpc-lattice:us-east-2:123456789012:servicenetwork/sn-1',
        serviceArn: 'arn:aws:vpc-lattice:us-east-2:123456789012:service/svc-1',
        targetGroupArn: 'arn:aws:vpc-lattice:us-east-2:123456789012:targetgroup/tg-1',
        identity: { sourceVpcArn: 'arn:aws:ec2:us-east-2:123456789012:vpc/vpc-1' },
        region: 'us-east-2',
        timeEpoch: '1690497599177430',
      },
      ...bodyOf(request),
    }),
  },
}

type Lists = readonly (readonly [string, readonly string[]])[]

/** Cookies leave the headers; multiple values are joined by commas; the query is the client's own. */
function payload2(request: ClientRequest, stage: string): object {
  const cookies = request.cookies.map(([name, value]) => `${name}=${value}`)
  const headers = headersOf({ ...request, cookies: [] }).map(([name, values]) => [name, values.join(',')] as const)
  const query = grouped(request.query).flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  )
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: stage === '$default' ? request.path : `/${stage}${request.path}`,
    rawQueryString: query.join('&'),
    ...(cookies.length > 0 && { cookies }),
    headers: Object.fromEntries(headers),
    requestContext: {
      accountId: '123456789012',
      domainName: 'x.test',
      http: { method: request.method, path: request.path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' },
      stage,
    },
    ...bodyOf(request, undefined),
  }
}

function headersOf({ headers, cookies }: ClientRequest): Lists {
  const cookie = cookies.map(([name, value]) => `${name}=${value}`).join('; ')
  return [['host', ['x.test']], ...headers, ...(cookie === '' ? [] : [['cookie', [cookie]] as const])]
}

function queryOf({ query }: ClientRequest, write: (text: string) => string): Lists {
  return grouped(query.map(([name, value]) => [write(name), write(value)]))
}

function grouped(pairs: readonly (readonly [string, string])[]): Lists {
  const all = new Map<string, string[]>()
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value])
  return [...all]
}

function lastValues(lists: Lists): Record<string, string> {
  return Object.fromEntries(lists.map(([name, values]) => [name, values.at(-1)!]))
}

function bodyOf({ body }: ClientRequest, none: string | null | undefined = null): object {
  if (body.length === 0) return { ...(none !== undefined && { body: none }), isBase64Encoded: false }
  return { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
}

function orNull(record: object): object | null {
  return Object.keys(record).length === 0 ? null : record
}

function same(text: string): string {
  return text
}
