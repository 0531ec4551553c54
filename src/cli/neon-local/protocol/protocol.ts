import type { Backend, Channel, Credentials } from '../backends/backend.ts'
import { joinedBytes } from '../../../core/joined-bytes.ts'
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
 * driver send start-up, password and first query in one flight.
 */
export function serveProtocol(socket: ClientSocket, backend: Backend): ProtocolServer {
  const splitter = new FrameSplitter()
  let channel: Channel | undefined
  let startup: Pick<Credentials, 'user' | 'database'> = { user: '', database: '' }
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
      const code = view(frame.bytes).getUint32(4)
      if (code === cancelRequest) {
        backend.cancel(view(frame.bytes).getInt32(8), view(frame.bytes).getInt32(12))
        return socket.close()
      }
      if (code !== tlsRequest && code !== gssRequest) {
        startup = readStartup(frame.bytes)
        return send(message('R', cleartextPassword))
      }
      splitter.expectStartup()
      return send(new TextEncoder().encode('N'))
    }
    if (frame.type !== 'p') throw new Error('expected a password message')
    const credentials = { ...startup, password: textAt(frame.bytes, 5) }
    const opened = await backend.open({ onData: send, onClose: () => socket.close() }, credentials)
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
        .catch((error: Error & { readonly code?: string }) => {
          const { code = '08P01' } = error
          const state = /^[0-9A-Z]{5}$/.test(code) ? code : '08006'
          send(message('E', 'SFATAL', 'VFATAL', `C${state}`, `M${error.message}`, new Uint8Array(1)))
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

/** The start-up message holds names and values in turn. Without a database it is the one named as the user. */
function readStartup(bytes: Uint8Array): { readonly user: string; readonly database: string } {
  const parts = new TextDecoder().decode(bytes.subarray(8)).split('\0')
  const values = new Map<string, string>()
  for (let i = 0; i + 1 < parts.length; i += 2) values.set(parts[i] ?? '', parts[i + 1] ?? '')
  const user = values.get('user') ?? ''
  return { user, database: values.get('database') ?? user }
}

function textAt(bytes: Uint8Array, start: number): string {
  return new TextDecoder().decode(bytes.subarray(start)).split('\0', 1)[0] ?? ''
}

function greeting(channel: Channel): Uint8Array {
  return joinedBytes([
    message('R', 0),
    ...Object.entries(channel.parameters).map(([name, value]) => message('S', name, value)),
    message('K', channel.processId, channel.secretKey),
    message('Z', new TextEncoder().encode('I')),
  ])
}
