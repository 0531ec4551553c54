import { AwsClient } from 'aws4fetch'
import { UsageError } from '../../../core/errors.ts'
import { repeatCall, waitWithJitter, type RepeatPolicy } from '../../../core/repeat.ts'
import { reveal } from '../../../core/setting/secret.ts'
import type { DriverContext } from '../../contract/context.ts'
import { bytesRestored, toJson } from './attribute-values.ts'
import type { DynamoDbConfig } from './config.ts'
import { DynamoFailure, failureOfAnswer } from './errors.ts'

/** Sends one operation of DynamoDB's API: `GetItem`, `TransactWriteItems` … */
export interface DynamoTransport {
  /** @throws DynamoFailure */
  send(
    operation: string,
    input: object,
    options: { readonly signal: AbortSignal },
  ): Promise<Readonly<Record<string, unknown>>>
}

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

/** Access keys of AWS; asked for again when they end. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** Milliseconds since 1970. @default never */
  readonly expiresAt?: number | undefined
}

export type CredentialsProvider = () => Promise<AwsCredentials>

export interface FetchTransportOptions {
  readonly fetch?: Fetch | undefined
  /** @default those of the configuration */
  readonly credentials?: CredentialsProvider | undefined
}

/** In milliseconds: credentials are asked for again so long before they end. */
const earlier = 60_000

/** The light transport: requests by `fetch`, signed by `aws4fetch`. */
export function fetchTransport(config: DynamoDbConfig, options: FetchTransportOptions = {}): DynamoTransport {
  const send: Fetch = options.fetch ?? ((input, init) => fetch(input, init))
  const region = config.region ?? (config.endpointUrl === undefined ? undefined : 'us-east-1')
  if (region === undefined) throw new UsageError('dynamodb needs a region', { hint: 'Set AWS_REGION.' })
  const url = config.endpointUrl ?? `https://dynamodb.${region}.amazonaws.com/`
  const clientOf = signerFor(options.credentials ?? (() => Promise.resolve(configured(config))), region)
  return {
    async send(operation, input, { signal }) {
      const client = await clientOf()
      const signed = await client.sign(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
        body: toJson(input),
      })
      let response: Response
      let text: string
      try {
        response = await send(signed.url, { method: 'POST', headers: signed.headers, body: toJson(input), signal })
        text = await response.text()
      } catch (cause) {
        throw new DynamoFailure(signal.aborted ? 'Cancelled' : 'Network', {
          cause: signal.aborted ? signal.reason : cause,
        })
      }
      return answerOf(response.status, text)
    },
  }
}

function configured({ accessKeyId, secretAccessKey, sessionToken }: DynamoDbConfig): AwsCredentials {
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new UsageError('dynamodb needs credentials', {
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass dynamodb({ credentials }).',
    })
  }
  return {
    accessKeyId,
    secretAccessKey: reveal(secretAccessKey),
    ...(sessionToken !== undefined && { sessionToken: reveal(sessionToken) }),
  }
}

function signerFor(credentials: CredentialsProvider, region: string): () => Promise<AwsClient> {
  let current: { readonly client: AwsClient; readonly until: number } | undefined
  let renewal: Promise<AwsCredentials> | undefined
  return async () => {
    if (current !== undefined && current.until > Date.now()) return current.client
    renewal ??= credentials().finally(() => {
      renewal = undefined
    })
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt = Infinity } = await renewal
    const token = sessionToken === undefined ? {} : { sessionToken }
    const client = new AwsClient({ accessKeyId, secretAccessKey, ...token, region, service: 'dynamodb', retries: 0 })
    current = { client, until: expiresAt - earlier }
    return client
  }
}

function answerOf(status: number, text: string): Readonly<Record<string, unknown>> {
  let answer: unknown
  try {
    answer = bytesRestored(JSON.parse(text))
  } catch {
    throw new DynamoFailure('InternalServerError')
  }
  if (status === 200) return answer as Readonly<Record<string, unknown>> // an object, by the protocol
  throw failureOfAnswer(answer)
}

/** Throttling lasts for parts of a second: the table's capacity is counted by the second. */
const policy: RepeatPolicy = { attempts: 8, firstWait: 50, longestWait: 2000, longestCall: 60_000 }

export interface CallOptions {
  readonly context: DriverContext
  /** Whether repeating it does no harm. */
  readonly isIdempotent: boolean
}

/** A transport that repeats what was surely not carried out, and what does no harm, with full jitter within the deadline. */
export interface Client {
  call(operation: string, input: object, options: CallOptions): Promise<Readonly<Record<string, unknown>>>
  /** Waits after attempt number `attempt`; false where there is no time left. */
  pause(attempt: number, context: DriverContext): Promise<boolean>
}

export function createClient(transport: DynamoTransport): Client {
  return {
    pause: (attempt, context) => waitWithJitter(attempt, policy, context),
    call: (operation, input, { context, isIdempotent }) =>
      repeatCall((signal) => transport.send(operation, input, { signal }), {
        policy,
        limits: context,
        isIdempotent,
        failureOf: (error) => (error instanceof DynamoFailure ? error : undefined),
      }),
  }
}
