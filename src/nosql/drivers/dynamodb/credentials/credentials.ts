import { UsageError } from '../../../../core/errors.ts'

/** Access keys of AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Part of temporary credentials. */
  readonly sessionToken?: string | undefined
  /** Milliseconds since 1970. @default never */
  readonly expiresAt?: number | undefined
}

/** Called when there are no credentials yet, and again before they end. */
export type CredentialsProvider = () => Promise<AwsCredentials>

/** @throws UsageError when a provider returns something else; the message holds no value */
export function checkedCredentials(given: unknown): AwsCredentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = Object(given) as Record<string, unknown>
  return {
    accessKeyId: textOf(accessKeyId, 'accessKeyId'),
    secretAccessKey: textOf(secretAccessKey, 'secretAccessKey'),
    ...(sessionToken !== undefined && { sessionToken: textOf(sessionToken, 'sessionToken') }),
    ...(expiresAt !== undefined && { expiresAt: timeOf(expiresAt) }),
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && /^[\u0021-\u007e]+$/.test(value)) return value
  throw new UsageError(`${name} of the AWS credentials must be text that a header can hold`)
}

function timeOf(value: unknown): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  throw new UsageError('expiresAt of the AWS credentials must be a number of milliseconds since 1970')
}
