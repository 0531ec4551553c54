import type { RawData, WebSocket } from 'ws'
import type { Backend, Channel } from './backend.ts'
import { concat, FrameSplitter, message, view, type Frame } from './frames.ts'
import type { NeonStats } from './stats.ts'

const tlsRequest = 80877103
const gssRequest = 80877104
const cancelRequest = 80877102
const cleartextPassword = 3

interface WebSocketParts {
  readonly backend: Backend
  readonly stats: NeonStats
}

/**
 * Speaks the server's side of the PostgreSQL protocol over a WebSocket. As Neon does, it asks for a cleartext
 * password, which lets the driver send start-up, password and first query in one flight; any password will do.
 */
export function serveWebSocket(socket: WebSocket, { backend, stats }: WebSocketParts): void {
  const splitter = new FrameSplitter()
  let channel: Channel | undefined
  let closed = false
  let serverSpokeLast = true
  let queue: Promise<void> = Promise.resolve()
  stats.sockets++
  stats.openSockets++

  const send = (bytes: Uint8Array): void => {
    serverSpokeLast = true
    if (!closed) socket.send(bytes)
  }
  const handle = async (frame: Frame): Promise<void> => {
    if (closed) return
    if (frame.type === 'X') return socket.close()
    if (channel !== undefined) return channel.send(frame.bytes)
    if (frame.type === '') return send(answerStartup(frame.bytes, splitter, socket))
    if (frame.type !== 'p') throw new Error('expected a password message')
    const opened = await backend.open({ onData: send, onClose: () => socket.close() })
    if (closed) return opened.end()
    channel = opened
    send(greeting(opened))
  }
  const onBytes = async (bytes: Uint8Array): Promise<void> => {
    splitter.push(bytes)
    for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) await handle(frame)
  }

  socket.on('message', (data: RawData) => {
    if (serverSpokeLast) stats.roundTrips++
    serverSpokeLast = false
    const bytes = Array.isArray(data) ? concat(data) : new Uint8Array(data)
    queue = queue
      .then(() => onBytes(bytes))
      .catch((error: Error) => {
        send(message('E', 'SFATAL', 'VFATAL', 'C08P01', `M${error.message}`, new Uint8Array(1)))
        socket.close()
      })
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    closed = true
    stats.openSockets--
    void channel?.end()
  })
}

function answerStartup(bytes: Uint8Array, splitter: FrameSplitter, socket: WebSocket): Uint8Array {
  const code = view(bytes).getUint32(4)
  if (code === tlsRequest || code === gssRequest) {
    splitter.expectStartup()
    return new TextEncoder().encode('N')
  }
  if (code === cancelRequest) socket.close()
  return code === cancelRequest ? new Uint8Array(0) : message('R', cleartextPassword)
}

function greeting(channel: Channel): Uint8Array {
  return concat([
    message('R', 0),
    ...Object.entries(channel.parameters).map(([name, value]) => message('S', name, value)),
    message('K', channel.processId, channel.secretKey),
    message('Z', new TextEncoder().encode('I')),
  ])
}
