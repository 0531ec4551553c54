import type { ClientConfig, PoolClient } from 'pg'
import type { Vendor } from './vendor.ts'
import type { Cancel } from './connection.ts'

/** Longest time for the request, in milliseconds; no caller waits for it. */
const limitMs = 2_000

/** Parts of the vendor's client and connection that its types leave out. */
interface Key {
  readonly processID: number | null
  readonly secretKey: number | null
}
interface Requests {
  connect(port: number, host: string): void
  requestSsl(): void
  cancel(processID: number, secretKey: number): void
}

/**
 * Cancels over a connection to the same server, as the protocol wants it: the server neither answers nor says whether
 * there was something to stop. The vendor's own `cancel` does not encrypt it.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function createCancel({ Client }: Vendor, config: ClientConfig): Cancel {
  return (client: PoolClient) => {
    const { processID, secretKey } = client as unknown as Key
    // A pooler may have sent none.
    if (processID === null || secretKey === null) return Promise.resolve()
    return new Promise((resolve) => {
      const { connection } = new Client(config)
      const requests = connection as typeof connection & Requests
      const end = (): void => {
        clearTimeout(timer)
        connection.stream.destroy()
        resolve()
      }
      const timer = setTimeout(end, limitMs)
      const send = (): void => requests.cancel(processID, secretKey)
      connection.on('connect', () => (config.ssl ? requests.requestSsl() : send()))
      connection.on('sslconnect', send)
      // It stays for good: a stream may fail after it was destroyed.
      connection.on('error', end)
      connection.once('end', end)
      requests.connect(config.port ?? 5432, config.host ?? '')
    })
  }
}
