import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Client } from 'pg'

/**
 * A pooler in transaction mode, as pgBouncer is one: clients share fewer connections to the server, and each has one
 * from its first message until the server is ready outside of a transaction.
 */
export interface TransactionPooler extends AsyncDisposable {
  readonly port: number
  /** How often a connection passed from one client to another. */
  readonly passed: number
  /** Names of the statements that were parsed; the next client's would be others. */
  readonly names: readonly string[]
}

interface Upstream {
  readonly socket: Socket
  readonly key: Buffer
  user: Pooled | undefined
  /** The one before. */
  last: Pooled | undefined
}

interface Pooled {
  readonly socket: Socket
  readonly key: Buffer
  upstream: Upstream | undefined
  /** Messages that wait for a connection. */
  readonly waiting: Buffer[]
  /** Syncs and simple queries that the server has not answered. */
  unanswered: number
}

const protocol = 196_608
const cancelRequest = 80_877_102
/** What such a pooler knows; it refuses others. */
const startParameters =
  /^(?:user|database|application_name|client_encoding|datestyle|timezone|standard_conforming_strings)$/i

/** @param url of the server; @param size most connections to it */
export async function startTransactionPooler(url: string, size = 1): Promise<TransactionPooler> {
  const { hostname, port } = new URL(url)
  const free: Upstream[] = []
  const queue: Pooled[] = []
  const clients = new Set<Pooled>()
  const opened = new Set<Socket>()
  const names: string[] = []
  let passed = 0
  let count = 0

  const open = async (): Promise<Upstream> => {
    const login = new Client({ connectionString: url })
    await login.connect()
    const { connection, processID, secretKey } = login as unknown as Record<'processID' | 'secretKey', number> & {
      connection: { stream: Socket }
    }
    const socket = connection.stream.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
    const upstream: Upstream = { socket, key: Buffer.alloc(8), user: undefined, last: undefined }
    upstream.key.writeInt32BE(processID)
    upstream.key.writeInt32BE(secretKey, 4)
    opened.add(socket)
    socket.on(
      'data',
      frames((frame) => answered(upstream, frame)),
    )
    socket.on('error', () => undefined)
    socket.on('close', () => upstream.user?.socket.destroy())
    return upstream
  }
  const answered = (upstream: Upstream, frame: Buffer): void => {
    const { user } = upstream
    if (user === undefined) return
    user.socket.write(frame)
    if (frame[0] !== 0x5a) return
    user.unanswered--
    if (frame[5] === 0x49 && user.unanswered === 0) release(user, upstream)
  }
  const release = (user: Pooled, upstream: Upstream): void => {
    user.upstream = undefined
    upstream.user = undefined
    upstream.last = user
    free.push(upstream)
    if (user.waiting.length > 0) queue.push(user)
    assign()
  }
  const assign = (): void => {
    while (queue.length > 0 && free.length > 0) {
      const [next, upstream] = [queue.shift()!, free.shift()!]
      if (next.socket.destroyed) {
        free.push(upstream)
        continue
      }
      if (upstream.last !== undefined && upstream.last !== next) passed++
      upstream.user = next
      next.upstream = upstream
      for (const frame of next.waiting.splice(0)) forward(next, frame)
    }
  }
  const forward = (client: Pooled, frame: Buffer): void => {
    const type = String.fromCharCode(frame[0]!)
    if (type === 'P' && frame[5] !== 0) names.push(frame.toString('utf8', 5, frame.indexOf(0, 5)))
    if (type === 'S' || type === 'Q') client.unanswered++
    client.upstream!.socket.write(frame)
  }
  const asked = (client: Pooled, frame: Buffer): void => {
    if (frame[0] === 0x58) return void client.socket.end()
    if (client.upstream !== undefined) return forward(client, frame)
    client.waiting.push(frame)
    if (!queue.includes(client)) queue.push(client)
    assign()
  }
  /** A connection in the middle of something is of no use to the next. */
  const left = async (client: Pooled): Promise<void> => {
    clients.delete(client)
    const { upstream } = client
    if (upstream === undefined) return
    upstream.user = undefined
    upstream.socket.destroy()
    free.push(await open())
    assign()
  }
  const cancel = (key: Buffer): void => {
    const upstream = [...clients].find((one) => one.key.equals(key))?.upstream
    if (upstream === undefined) return
    const request = Buffer.concat([Buffer.from([0, 0, 0, 16, 4, 210, 22, 46]), upstream.key])
    connect(Number(port), hostname, function (this: Socket) {
      this.end(request)
    }).on('error', () => undefined)
  }
  const accept = (socket: Socket): void => {
    opened.add(socket)
    const key = Buffer.alloc(8)
    key.writeInt32BE(++count)
    const client: Pooled = { socket, key, upstream: undefined, waiting: [], unanswered: 0 }
    clients.add(client)
    socket.on('error', () => undefined)
    socket.on('close', () => void left(client))
    const start = (bytes: Buffer): void => {
      const code = bytes.readInt32BE(4)
      if (code === cancelRequest) {
        cancel(bytes.subarray(8, 16))
        return void socket.end()
      }
      if (code !== protocol) return void socket.write('N')
      socket.off('data', start)
      const parameters = bytes
        .toString('utf8', 8)
        .split('\0')
        .filter((_, i) => i % 2 === 0)
      if (parameters.some((name) => name !== '' && !startParameters.test(name))) return void socket.destroy()
      socket.on(
        'data',
        frames((frame) => asked(client, frame)),
      )
      const status = ['server_version', '15.0', 'client_encoding', 'UTF8', 'standard_conforming_strings', 'on']
      const pairs = [0, 2, 4].map((i) => message('S', Buffer.from(`${status[i]}\0${status[i + 1]}\0`)))
      socket.write(
        Buffer.concat([message('R', Buffer.alloc(4)), ...pairs, message('K', key), message('Z', Buffer.from('I'))]),
      )
    }
    socket.on('data', start)
  }

  for (let i = 0; i < size; i++) free.push(await open())
  const server = createServer(accept).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get passed() {
      return passed
    },
    names,
    async [Symbol.asyncDispose]() {
      clients.clear()
      for (const socket of opened) socket.removeAllListeners('close').destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** Calls back with each message of a stream. */
function frames(onFrame: (frame: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1
      const frame = rest.subarray(0, length)
      rest = rest.subarray(length)
      onFrame(frame)
    }
  }
}
