/** Headers as the different events have them. */
export type SingleValues = Readonly<Record<string, string | undefined>> | null
export type MultiValues = Readonly<Record<string, readonly string[] | undefined>> | null

/** API Gateway REST API, payload 1.0. */
export interface RestEvent {
  readonly httpMethod: string
  readonly path: string
  readonly headers?: SingleValues
  readonly multiValueHeaders?: MultiValues
  readonly queryStringParameters?: SingleValues
  readonly multiValueQueryStringParameters?: MultiValues
  readonly pathParameters?: SingleValues
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
  readonly requestContext: {
    readonly domainName?: string
    readonly stage?: string
    readonly identity?: { readonly sourceIp?: string } | null
    readonly authorizer?: object | null
  }
}

/** API Gateway HTTP API, payload 2.0, and function URLs. */
export interface HttpApiEvent {
  readonly rawPath: string
  readonly rawQueryString?: string
  readonly cookies?: readonly string[]
  readonly headers?: SingleValues
  readonly pathParameters?: SingleValues
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
  readonly requestContext: {
    readonly domainName?: string
    readonly stage?: string
    readonly http?: { readonly method?: string; readonly sourceIp?: string }
    readonly authorizer?: object | null
  }
}

/** Application Load Balancer, with single or multiple header values. */
export interface AlbEvent extends Omit<RestEvent, 'requestContext'> {
  readonly requestContext: { readonly elb: unknown }
}

/** VPC Lattice, payload 2.0; its first structure is read as this. */
export interface LatticeEvent {
  readonly path: string
  readonly method: string
  readonly headers?: MultiValues | SingleValues
  readonly queryStringParameters?: MultiValues | SingleValues
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
  readonly requestContext: { readonly serviceArn?: string; readonly identity?: object | null }
}

/** What an event looks like by its source; its members are checked where they are read. */
export type HttpEvent =
  | { readonly kind: 'rest'; readonly event: RestEvent }
  | { readonly kind: 'http'; readonly event: HttpApiEvent }
  | { readonly kind: 'alb'; readonly event: AlbEvent }
  | { readonly kind: 'lattice'; readonly event: LatticeEvent }

/**
 * Reports which HTTP source an event comes from. A REST event of a custom domain also carries `rawPath`, so that alone
 * does not make it a 2.0 payload. Authorizers are asked with the whole request, but their answer is not a response; and
 * a WebSocket's events may carry a method and a path.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function httpEventOf(event: unknown): HttpEvent | undefined {
  if (typeof event !== 'object' || event === null || isForAuthorizer(event)) return undefined
  const { requestContext } = event as { requestContext?: unknown }
  if (typeof requestContext !== 'object' || requestContext === null) {
    return 'raw_path' in event && 'method' in event ? { kind: 'lattice', event: ofFirstStructure(event) } : undefined
  }
  if (isOfWebSocket(requestContext)) return undefined
  // The members of each are checked where they are read.
  if ('elb' in requestContext && 'httpMethod' in event) return { kind: 'alb', event: event as AlbEvent }
  if ('http' in requestContext && 'rawPath' in event) return { kind: 'http', event: event as HttpApiEvent }
  if ('serviceArn' in requestContext && 'method' in event) return { kind: 'lattice', event: event as LatticeEvent }
  if ('httpMethod' in event && 'path' in event) return { kind: 'rest', event: event as RestEvent }
  return undefined
}

/**
 * VPC Lattice's first event structure, which target groups have that do not ask for the second.
 *
 * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html#receive-event-from-service
 */
function ofFirstStructure(event: object): LatticeEvent {
  const { raw_path, query_string_parameters, is_base64_encoded, ...same } = event as Record<string, unknown>
  const renamed = { path: raw_path, queryStringParameters: query_string_parameters, isBase64Encoded: is_base64_encoded }
  // Its members are checked where they are read, as those of the other events.
  return { ...same, ...renamed, requestContext: {} } as unknown as LatticeEvent
}

/** Only the events of WebSockets have a connection. */
export function isOfWebSocket(requestContext: object): boolean {
  return 'connectionId' in requestContext && typeof requestContext.connectionId === 'string'
}

/** An authorizer's event names what the caller wants to reach. */
export function isForAuthorizer(event: object): boolean {
  return 'methodArn' in event || 'routeArn' in event
}
