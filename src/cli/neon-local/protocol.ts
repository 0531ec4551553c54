import type { Backend, Channel } from './backend.ts'
import { joinedBytes } from '../../core/joined-bytes.ts'
import { FrameSplitter, message, view, type Frame } from './frames.ts'

const tlsRequest = 80877103
const gssRequest = 80877104
const cancelRequest = 80877102
const cleartextPassword = 3

/** The client's end, whatever carries its bytes. */
export interface ClientSocket {
  send(bytes: Uint8Array): void
  close(): void
}

export interface ProtocolServer {
  /** Bytes from the client, in their order. */
  receive(bytes: Uint8Array): void
  /** The client is gone. */
  end(): void
}

/**
 * Speaks the server's side of the PostgreSQL protocol. As Neon does, it asks for a cleartext password, which lets a
 * driver send start-up, password and first query in one flight; any password will do.
 */
export function serveProtocol(socket: ClientSocket, backend: Backend): ProtocolServer {
  const splitter = new FrameSplitter()
  let channel: Channel | undefined
  let user = ''
  let closed = false
  let queue: Promise<void> = Promise.resolve()

  const send = (bytes: Uint8Array): void => {
    if (!closed && bytes.length > 0) socket.send(bytes)
  }
  const handle = async (frame: Frame): Promise<void> => {
    if (closed) return
    if (frame.type === 'X') return socket.close()
    if (channel !== undefined) return channel.send(frame.bytes)
    if (frame.type === '') {
      user = startupUser(frame.bytes) ?? user
      return send(answerStartup(frame.bytes, splitter, socket))
    }
    if (frame.type !== 'p') throw new Error('expected a password message')
    const opened = await backend.open({ onData: send, onClose: () => socket.close() }, user)
    if (closed) return opened.end()
    channel = opened
    send(greeting(opened))
  }
  const onBytes = async (bytes: Uint8Array): Promise<void> => {
    splitter.push(bytes)
    for (let frame = splitter.next(); frame !== undefined; frame = splitter.next()) await handle(frame)
  }

  return {
    receive(bytes) {
      queue = queue
        .then(() => onBytes(bytes))
        .catch((error: Error) => {
          send(message('E', 'SFATAL', 'VFATAL', 'C08P01', `M${error.message}`, new Uint8Array(1)))
          socket.close()
        })
    },
    end() {
      closed = true
      // What it had open is rolled back; a connection that is lost has nothing left to roll back.
      channel?.end().catch(() => undefined)
    },
  }
}

function answerStartup(bytes: Uint8Array, splitter: FrameSplitter, socket: ClientSocket): Uint8Array {
  const code = view(bytes).getUint32(4)
  if (code === tlsRequest || code === gssRequest) {
    splitter.expectStartup()
    return new TextEncoder().encode('N')
  }
  if (code === cancelRequest) socket.close()
  return code === cancelRequest ? new Uint8Array(0) : message('R', cleartextPassword)
}

/** The start-up message holds names and values in turn; a TLS or cancel request holds none. */
function startupUser(bytes: Uint8Array): string | undefined {
  const parts = new TextDecoder().decode(bytes.subarray(8)).split('\0')
  const at = parts.findIndex((part, i) => i % 2 === 0 && part === 'user')
  return at < 0 ? undefined : parts[at + 1]
}

function greeting(channel: Channel): Uint8Array {
  return joinedBytes([
    message('R', 0),
    ...Object.entries(channel.parameters).map(([name, value]) => message('S', name, value)),
    message('K', channel.processId, channel.secretKey),
    message('Z', new TextEncoder().encode('I')),
  ])
}
