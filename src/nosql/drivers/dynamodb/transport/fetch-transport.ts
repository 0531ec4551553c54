import { AwsV4Signer } from 'aws4fetch'
import { bytesRestored, toJson } from '../codec/attribute-values.ts'
import type { CachedCredentials } from '../credentials/cached-credentials.ts'
import type { Fetch } from '../credentials/container-credentials.ts'
import type { AwsCredentials } from '../credentials/credentials.ts'
import type { Endpoint } from './endpoint.ts'
import { DynamoFailure, failureOfAnswer } from '../errors.ts'
import type { ServerClock } from './server-clock.ts'
import type { DynamoTransport } from './transport.ts'

export interface FetchTransportOptions {
  readonly endpoint: Endpoint
  readonly credentials: CachedCredentials
  readonly clock: ServerClock
  readonly fetch: Fetch
}

/** AWS has not carried out a request with one of these. */
const badSignature = new Set(['InvalidSignatureException', 'RequestExpired', 'RequestTimeTooSkewed'])
const badCredentials = new Set(['ExpiredTokenException', 'UnrecognizedClientException', 'ExpiredToken'])

/**
 * The light transport: requests by `fetch`, signed by `aws4fetch`. A request that is refused for its time is sent once
 * more with the server's; one that is refused for its credentials once more with new ones.
 */
export function fetchTransport({ endpoint, credentials, clock, fetch: send }: FetchTransportOptions): DynamoTransport {
  const keys = new Map<string, ArrayBuffer>()
  const once = async (request: Signable, current: AwsCredentials, signal: AbortSignal): Promise<Answered> => {
    const { headers } = await signed(request, { current, endpoint, datetime: clock.datetime(), keys })
    try {
      const response = await send(endpoint.url, { method: 'POST', headers, body: request.body, signal })
      return { status: response.status, date: response.headers.get('date'), text: await response.text() }
    } catch (cause) {
      throw unanswered(cause, signal)
    }
  }
  return {
    async send(operation, input, { signal }) {
      const request = { operation, body: toJson(input) }
      for (let attempt = 1; ; attempt++) {
        const current = await unlessAborted(credentials.get(), signal)
        const answer = await once(request, current, signal)
        try {
          return answerOf(answer)
        } catch (error) {
          const code = error instanceof DynamoFailure ? error.code : ''
          const isLate = badSignature.has(code) && clock.correct(answer.date)
          const isOld = badCredentials.has(code) && current.expiresAt !== undefined
          if (isOld) credentials.drop(current)
          if (attempt > 1 || !(isLate || isOld)) throw error
          keys.clear()
        }
      }
    },
  }
}

interface Signable {
  readonly operation: string
  readonly body: string
}

interface Answered {
  readonly status: number
  readonly date: string | null
  readonly text: string
}

interface Signing {
  readonly current: AwsCredentials
  readonly endpoint: Endpoint
  readonly datetime: string
  /** Derived keys by day and secret. */
  readonly keys: Map<string, ArrayBuffer>
}

function signed({ operation, body }: Signable, { current, endpoint, datetime, keys }: Signing) {
  const { accessKeyId, secretAccessKey, sessionToken } = current
  return new AwsV4Signer({
    method: 'POST',
    url: endpoint.url,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 'dynamodb',
    region: endpoint.region,
    datetime,
    cache: keys,
  }).sign()
}

/** Ends the wait for credentials with the call: other calls wait for them too. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(unanswered(undefined, signal))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}

function unanswered(cause: unknown, signal: AbortSignal): DynamoFailure {
  return new DynamoFailure(signal.aborted ? 'Cancelled' : 'Network', { cause: signal.aborted ? signal.reason : cause })
}

/** The mark of bytes, also where a letter of it is escaped. */
const mayHoldBytes = /"B"|\\u/

function answerOf({ status, text }: Answered): Readonly<Record<string, unknown>> {
  let answer: unknown
  try {
    const parsed: unknown = JSON.parse(text)
    // Most answers hold no bytes, and need no copy.
    answer = mayHoldBytes.test(text) ? bytesRestored(parsed) : parsed
  } catch {
    throw new DynamoFailure('InternalServerError')
  }
  if (status === 200) return answer as Readonly<Record<string, unknown>> // an object, by the protocol
  throw failureOfAnswer(answer)
}
