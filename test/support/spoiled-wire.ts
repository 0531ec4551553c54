import type { RequestFault, RequestFaults } from '../../src/testing/document-store-conformance/wire.ts'
import { faults, startFaultProxy, type Exchange, type Fault } from './fault-proxy.ts'

/** A network between a driver and its server, on which requests are counted and spoilt for the conformance suite. */
export interface SpoiledWire extends AsyncDisposable {
  readonly port: number
  readonly sent: () => number
  readonly faults: RequestFaults
}

export interface SpoiledWireOptions {
  readonly port: number
  /** The answer that refuses a request for want of permission. */
  readonly refusalOf: (request: Uint8Array) => Uint8Array
  /** False for what opens a connection, keeps it alive or ends it. @default all is */
  readonly isRequest?: (request: Uint8Array) => boolean
}

export async function startSpoiledWire({
  port,
  refusalOf,
  isRequest = () => true,
}: SpoiledWireOptions): Promise<SpoiledWire> {
  let sent = 0
  let left = 0
  let fault: RequestFault = 'refuse'
  /** Connections that wait for an answer which does not come. */
  const held = new Set<number>()
  const choose = ({ connection, bytes }: Exchange): Fault => {
    if (!isRequest(bytes)) return faults.none
    sent += 1
    if (left <= 0) return faults.none
    left -= 1
    if (fault === 'lose the answer') return faults.resetAfter
    if (fault === 'refuse') return { name: 'refused', forward: false, answer: refusalOf(bytes) }
    held.add(connection)
    return faults.halfOpen
  }
  const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port }, choose })
  return {
    port: proxy.port,
    sent: () => sent,
    faults: {
      inject(next, times) {
        fault = next
        left = times
      },
      open: () => proxy.openConnections.filter((connection) => held.has(connection)).length,
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

/** An answer of HTTP in JSON. */
export function httpAnswer(status: string, body: unknown): Uint8Array {
  const text = JSON.stringify(body)
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n`
  return new TextEncoder().encode(head + text)
}
