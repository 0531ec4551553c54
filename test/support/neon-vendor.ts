import { Client, neonConfig } from '@neondatabase/serverless'
import type { NeonEndpoint } from '../../src/cli/neon-local/serve.ts'

/** Points the vendor's package at an endpoint, for the whole process: only for tests that have it to themselves. */
export function useEndpoint(endpoint: NeonEndpoint): void {
  neonConfig.fetchEndpoint = endpoint.endpoint
  neonConfig.wsProxy = () => `127.0.0.1:${endpoint.port}/v2`
  neonConfig.useSecureWebSocket = false
}

/** A connected WebSocket client whose late errors do not end the process. */
export async function connectClient(endpoint: NeonEndpoint): Promise<Client> {
  const client = new Client(endpoint.url)
  client.on('error', () => undefined)
  await client.connect()
  return client
}
