import { UsageError } from '../../../../core/errors.ts'
import { waitWithJitter, type RepeatPolicy } from '../../../../core/repeat.ts'
import { retryAfterOf, waitAsked } from '../../../../core/retry-after.ts'
import { reveal, type Secret } from '../../../../core/setting/secret.ts'
import { NoSQLConnectionError } from '../../../errors.ts'
import type { CredentialsProvider } from './credentials.ts'
import { readTextFile } from './text-file.ts'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

/** What ECS, EKS and Lambda's SnapStart put into the environment: `AWS_CONTAINER_…`. */
export interface ContainerSettings {
  readonly containerCredentialsRelativeUri?: string | undefined
  readonly containerCredentialsFullUri?: string | undefined
  readonly containerAuthorizationToken?: Secret<string> | undefined
  readonly containerAuthorizationTokenFile?: string | undefined
}

export interface ContainerOptions {
  readonly fetch: Fetch
  /** @default reads from the disk, on Node */
  readonly readFile?: (path: string) => Promise<string>
}

const ecsHost = 'http://169.254.170.2'
/** Hosts that are asked without encryption: the container's own, ECS's and EKS's. */
const plainHosts = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/
/** Of one request, in milliseconds. The endpoint is on the same machine. */
const longestRequest = 2000
/** What waits for credentials waits for ten seconds. */
const policy: RepeatPolicy = { attempts: 3, firstWait: 200, longestWait: 400, longestCall: 10_000 }

/**
 * Credentials from the endpoint that ECS, EKS Pod Identity and SnapStart offer to a container; undefined where the
 * environment names none. The file with the authorization token is read each time, as EKS rotates it.
 *
 * @throws UsageError for an endpoint that would send the token in the clear to another machine
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function containerCredentials(
  settings: ContainerSettings,
  { fetch: send, readFile = readTextFile }: ContainerOptions,
): CredentialsProvider | undefined {
  const url = urlOf(settings)
  if (url === undefined) return undefined
  return async () => {
    const authorization = await authorizationOf(settings, readFile)
    const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) }
    const deadline = Date.now() + policy.longestCall
    for (let attempt = 1; ; attempt++) {
      const answer = await ask(send, url, headers)
      if (answer.kind === 'found') return answer.credentials
      if (!answer.mayRepeat || !(await waitWithJitter(attempt, policy, { deadline, atLeast: answer.retryAfter })))
        throw answer.error
    }
  }
}

function urlOf({
  containerCredentialsRelativeUri: relative,
  containerCredentialsFullUri: full,
}: ContainerSettings): string | undefined {
  if (relative !== undefined) {
    if (relative.startsWith('/')) return new URL(`${ecsHost}${relative}`).href
    throw new UsageError('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must be a path that begins with "/"')
  }
  if (full === undefined) return undefined
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && plainHosts.test(url.hostname))) return url.href
  throw new UsageError('AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https URL or one of the container itself', {
    hint: 'Over http only loopback addresses, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] are asked.',
  })
}

async function authorizationOf(
  { containerAuthorizationToken: token, containerAuthorizationTokenFile: file }: ContainerSettings,
  readFile: (path: string) => Promise<string>,
): Promise<string | undefined> {
  const given = file === undefined ? token && reveal(token) : await readFile(file)
  const trimmed = given?.trim()
  if (trimmed === undefined || /^[\u0020-\u007e]+$/.test(trimmed)) return trimmed
  throw new UsageError('the authorization token of the container must be one line of text')
}

type Asked =
  | { readonly kind: 'found'; readonly credentials: Awaited<ReturnType<CredentialsProvider>> }
  | ({ readonly kind: 'failed'; readonly error: NoSQLConnectionError } & Pick<Failure, 'mayRepeat' | 'retryAfter'>)

async function ask(send: Fetch, url: string, headers: Record<string, string>): Promise<Asked> {
  let status: number
  let text: string
  let retryAfter: number | undefined
  try {
    // A redirect would carry the token to wherever it leads.
    const response = await send(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(longestRequest) })
    status = response.status
    retryAfter = retryAfterOf(response.headers)
    text = await response.text()
  } catch (cause) {
    return failed('did not answer', { mayRepeat: true, cause })
  }
  if (status !== 200)
    return failed(`answered with HTTP ${status}`, { mayRepeat: status >= 500 || status === 429, retryAfter })
  const credentials = credentialsIn(text)
  return credentials === undefined
    ? failed('sent something other than credentials', { mayRepeat: false })
    : { kind: 'found', credentials }
}

interface Failure {
  readonly mayRepeat: boolean
  /** How long the endpoint has asked to wait, in milliseconds. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

function failed(what: string, { mayRepeat, retryAfter, cause }: Failure): Extract<Asked, { kind: 'failed' }> {
  const error = new NoSQLConnectionError(`credentials cannot be read: the container’s endpoint ${what}`, {
    hint: 'Check the task role of ECS, or the pod identity association of EKS.',
    ...waitAsked(retryAfter),
    ...(cause !== undefined && { cause }),
  })
  return { kind: 'failed', error, mayRepeat, retryAfter }
}

function credentialsIn(text: string) {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return undefined
  }
  const { AccessKeyId, SecretAccessKey, Token, Expiration }: Readonly<Record<string, unknown>> = Object(answer)
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') return undefined
  const expiresAt = typeof Expiration === 'string' ? Date.parse(Expiration) : NaN
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === 'string' && { sessionToken: Token }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  }
}
