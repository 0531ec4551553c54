import { connect } from 'node:net'
import { view } from '../protocol/frames.ts'

/** What a server tells a client for asking to stop its statements. */
export interface BackendKey {
  readonly processId: number
  readonly secretKey: number
}

/**
 * Stops what a connection still runs: the server does not notice by itself that its client has left, and holds the
 * transaction's locks meanwhile.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function cancelStatement(server: { readonly host: string; readonly port: number }, key: BackendKey): void {
  const request = new Uint8Array(16)
  ;[16, 80877102, key.processId, key.secretKey].forEach((value, i) => view(request).setInt32(i * 4, value))
  const socket = connect(server.port, server.host, () => socket.end(request))
  // Nothing was running, or the server is gone: either way there is nothing left to stop.
  socket.on('error', () => socket.destroy())
}
