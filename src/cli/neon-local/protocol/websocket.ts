import type { RawData, WebSocket } from 'ws'
import type { Backend } from '../backends/backend.ts'
import { joinedBytes } from '../../../core/joined-bytes.ts'
import { serveProtocol } from './protocol.ts'
import type { NeonStats } from '../stats.ts'

interface WebSocketParts {
  readonly backend: Backend
  readonly stats: NeonStats
}

/** Speaks PostgreSQL's protocol over a WebSocket, as Neon's proxy does. */
export function serveWebSocket(socket: WebSocket, { backend, stats }: WebSocketParts): void {
  let serverSpokeLast = true
  stats.sockets++
  stats.openSockets++
  const send = (bytes: Uint8Array): void => {
    serverSpokeLast = true
    socket.send(bytes)
  }
  const server = serveProtocol({ send, close: () => socket.close() }, backend)
  socket.on('message', (data: RawData) => {
    if (serverSpokeLast) stats.roundTrips++
    serverSpokeLast = false
    server.receive(Array.isArray(data) ? joinedBytes(data) : new Uint8Array(data))
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    stats.openSockets--
    server.end()
  })
}
