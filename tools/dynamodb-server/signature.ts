import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { failure, type Answer } from './transactions.ts'

/** What the server knows of its callers, and the time by which it judges signatures. */
export interface SignatureRules {
  readonly keys: readonly ServerKey[]
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
}

export interface ServerKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Milliseconds since 1970, by the server's clock. @default never */
  readonly expiresAt?: number
}

/** In milliseconds: how far the time of a signature may be from the server's. */
const tolerance = 900_000

/**
 * Refuses a request whose Signature Version 4 is not right, in AWS's words; undefined for one that is.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  body: string,
  { keys, now = Date.now }: SignatureRules,
): Answer | undefined {
  const [, id = '', scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? '',
    ) ?? []
  const key = keys.find(({ accessKeyId }) => accessKeyId === id)
  if (key === undefined || headers['x-amz-security-token'] !== key.sessionToken) {
    return failure('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }
  if (key.expiresAt !== undefined && key.expiresAt <= now()) {
    return failure('ExpiredTokenException', 'The security token included in the request is expired')
  }
  const date = String(headers['x-amz-date'])
  if (Math.abs(timeOf(date) - now()) > tolerance) {
    return failure('InvalidSignatureException', `Signature expired: ${date} is not close to the server's time`)
  }
  const signed = names.split(';')
  const isWhole = ['host', 'x-amz-date', ...(key.sessionToken === undefined ? [] : ['x-amz-security-token'])]
  const canonical = [
    'POST',
    '/',
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const derived = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${key.secretAccessKey}`)
  const isRight = hmac(derived, toSign).toString('hex') === signature && isWhole.every((name) => signed.includes(name))
  return isRight
    ? undefined
    : failure('InvalidSignatureException', 'The request signature we calculated does not match the one you provided.')
}

function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()
