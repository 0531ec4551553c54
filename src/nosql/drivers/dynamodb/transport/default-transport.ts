import type { DynamoDbConfig } from '../config.ts'
import { cachedCredentials, type CachedCredentials } from '../credentials/cached-credentials.ts'
import { chooseCredentials } from '../credentials/choose-credentials.ts'
import type { Fetch } from '../credentials/container-credentials.ts'
import type { CredentialsProvider } from '../credentials/credentials.ts'
import { endpointOf } from './endpoint.ts'
import { fetchTransport } from './fetch-transport.ts'
import { serverClock } from './server-clock.ts'
import type { DynamoTransport } from './transport.ts'

export interface DefaultTransportOptions {
  readonly credentials?: CredentialsProvider | undefined
  readonly fetch?: Fetch | undefined
}

/**
 * Makes the transports of a driver. The driver keeps the credentials and the server's time, so that on Workers they outlive
 * the request that fetched them.
 */
export function defaultTransports({
  credentials,
  fetch: given,
}: DefaultTransportOptions): (config: DynamoDbConfig) => DynamoTransport {
  const send: Fetch = given ?? ((input, init) => fetch(input, init))
  const clock = serverClock()
  const provided = credentials === undefined ? undefined : cachedCredentials(credentials)
  const ofContainers = new Map<string, CachedCredentials>()
  const credentialsOf = (config: DynamoDbConfig): CachedCredentials => {
    if (provided !== undefined) return provided
    if (config.accessKeyId !== undefined || config.secretAccessKey !== undefined) {
      return cachedCredentials(chooseCredentials(config, { fetch: send }))
    }
    const { containerCredentialsRelativeUri: path = '', containerCredentialsFullUri: url = '' } = config
    const key = `${path} ${url} ${config.containerAuthorizationTokenFile ?? ''}`
    const cached = ofContainers.get(key) ?? cachedCredentials(chooseCredentials(config, { fetch: send }))
    ofContainers.set(key, cached)
    return cached
  }
  return (config) =>
    fetchTransport({ endpoint: endpointOf(config), credentials: credentialsOf(config), clock, fetch: send })
}
