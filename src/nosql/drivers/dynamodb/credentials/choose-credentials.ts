import { UsageError } from '../../../../core/errors.ts'
import { reveal } from '../../../../core/setting/secret.ts'
import type { DynamoDbConfig } from '../config.ts'
import { containerCredentials, type ContainerOptions } from './container-credentials.ts'
import type { CredentialsProvider } from './credentials.ts'

/** The access keys of the configuration, which is where Lambda's are too; else the container's endpoint. */
export function chooseCredentials(config: DynamoDbConfig, options: ContainerOptions): CredentialsProvider {
  const { accessKeyId, secretAccessKey, sessionToken } = config
  if (accessKeyId === undefined && secretAccessKey === undefined) {
    return containerCredentials(config, options) ?? missing
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) return missing
  const credentials = {
    accessKeyId,
    secretAccessKey: reveal(secretAccessKey),
    ...(sessionToken !== undefined && { sessionToken: reveal(sessionToken) }),
  }
  return () => Promise.resolve(credentials)
}

/** Refused when they are needed: opening a store asks for nothing. */
function missing(): Promise<never> {
  return Promise.reject(
    new UsageError('the credentials of dynamodb must be configured', {
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass dynamodb({ credentials }).',
    }),
  )
}
