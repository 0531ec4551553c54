import { isRedirect } from '../../../../core/redirect.ts'
import { retryAfterOf } from '../../../../core/retry-after.ts'
import { toJson } from '../codec/attribute-values.ts'
import type { CachedCredentials } from '../credentials/cached-credentials.ts'
import type { Fetch } from '../credentials/container-credentials.ts'
import type { AwsCredentials } from '../credentials/credentials.ts'
import type { Endpoint } from './endpoint.ts'
import { DynamoFailure, failureOfAnswer, redirectCode } from '../errors.ts'
import type { ServerClock } from './server-clock.ts'
import { requestSigner } from './signer.ts'
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
  const signer = requestSigner()
  const once = async ({ operation, body }: Asked, current: AwsCredentials, signal: AbortSignal): Promise<Answered> => {
    const { accessKeyId, secretAccessKey, sessionToken } = current
    const isOfStreams = /^(?:DescribeStream|GetShardIterator|GetRecords)$/.test(operation)
    const url = isOfStreams ? endpoint.streamsUrl : endpoint.url
    const service = isOfStreams ? 'DynamoDBStreams' : 'DynamoDB'
    const headers = await signer.sign({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${service}_20120810.${operation}` },
      body,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      service: 'dynamodb',
      region: endpoint.region,
      datetime: clock.datetime(),
    })
    try {
      const response = await send(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      return { response, text: await response.text() }
    } catch (cause) {
      throw unanswered(cause, signal)
    }
  }
  return {
    async send(operation, input, { signal }) {
      const request = { operation, body: toJson(input) }
      let refused: { readonly credentials: AwsCredentials; readonly error: unknown } | undefined
      for (let attempt = 1; ; attempt++) {
        const current = credentials.kept() ?? (await unlessAborted(credentials.get(), signal))
        if (refused !== undefined && isSame(refused.credentials, current)) throw refused.error
        const answer = await once(request, current, signal)
        try {
          return answerOf(answer)
        } catch (error) {
          const code = error instanceof DynamoFailure ? error.code : ''
          const isLate = badSignature.has(code) && clock.correct(answer.response.headers.get('date'))
          const isOld = badCredentials.has(code)
          // Their end may not have been known, or have come early.
          if (isOld) credentials.drop(current)
          if (attempt > 1 || !(isLate || isOld)) throw error
          refused = isOld ? { credentials: current, error } : undefined
        }
      }
    },
  }
}

function isSame(a: AwsCredentials, b: AwsCredentials): boolean {
  return (['accessKeyId', 'secretAccessKey', 'sessionToken'] as const).every((part) => a[part] === b[part])
}

interface Asked {
  readonly operation: string
  readonly body: string
}

interface Answered {
  readonly response: Response
  readonly text: string
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

function answerOf({ response, text }: Answered): Readonly<Record<string, unknown>> {
  if (isRedirect(response)) throw new DynamoFailure(`${redirectCode}${response.status}`)
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw askedToWait(new DynamoFailure('InternalServerError'), response)
  }
  if (response.status === 200) return answer as Readonly<Record<string, unknown>> // an object, by the protocol
  throw askedToWait(failureOfAnswer(answer), response)
}

/** AWS has a header of milliseconds; a proxy has HTTP's. */
function askedToWait(failure: DynamoFailure, { headers }: Response): DynamoFailure {
  const milliseconds = /^\d+$/.exec(headers.get('x-amz-retry-after') ?? '')
  failure.retryAfter = milliseconds === null ? retryAfterOf(headers) : Number(milliseconds[0])
  return failure
}
