import { connect } from 'cloudflare:sockets'
import { lineConnectable } from './line-client.ts'

export interface Env {
  readonly LEDGER_PORT: string
}

/** The ledger at a port of this machine, over a socket of workerd's. */
export const workersLedger = ({ LEDGER_PORT }: Env) =>
  lineConnectable(async () => {
    const socket = connect({ hostname: '127.0.0.1', port: Number(LEDGER_PORT) })
    await socket.opened
    return socket
  })
