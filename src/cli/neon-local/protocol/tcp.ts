import { createServer, type Server, type Socket } from 'node:net'
import type { Backend } from '../backends/backend.ts'
import { serveProtocol } from './protocol.ts'

/** PostgreSQL's own protocol on a port, so that its tools work against the embedded database. */
export interface TcpServer {
  readonly server: Server
  /** Ends what is connected, and stops listening. */
  close(): Promise<void>
}

export function createTcpServer(backend: Backend): TcpServer {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    sockets.add(socket)
    const protocol = serveProtocol({ send: (bytes) => void socket.write(bytes), close: () => socket.end() }, backend)
    socket.on('data', (bytes: Uint8Array) => protocol.receive(bytes))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      protocol.end()
    })
  })
  return {
    server,
    async close() {
      for (const socket of sockets) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
