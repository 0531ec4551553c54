import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * What becomes of one exchange: what a client sends, up to the server's answer. That is one request of HTTP/1.1, one
 * message of a WebSocket, or one command of a database's protocol.
 */
export interface Fault {
  readonly name: string
  /** Whether the server receives it. */
  readonly forward: boolean
  /** What the client receives instead of the server's answer; bytes are followed by the end of the connection. */
  readonly answer: 'the answer' | 'half of the answer' | 'nothing' | 'a reset' | Uint8Array
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const http = (status: string, body: string, header = ''): Uint8Array =>
  bytes(`HTTP/1.1 ${status}\r\n${header}content-type: text/html\r\ncontent-length: ${body.length}\r\n\r\n${body}`)

/** The faults there are, for any protocol over TCP; those with a status are for HTTP. */
export const faults = {
  none: { name: 'none', forward: true, answer: 'the answer' },
  resetBefore: { name: 'reset before the request', forward: false, answer: 'a reset' },
  resetAfter: { name: 'reset after the request', forward: true, answer: 'a reset' },
  hang: { name: 'hang: the request is not delivered', forward: false, answer: 'nothing' },
  halfOpen: { name: 'half-open: the answer is not delivered', forward: true, answer: 'nothing' },
  truncated: { name: 'half of the answer', forward: true, answer: 'half of the answer' },
  garbage: { name: 'garbage instead of the answer', forward: true, answer: bytes('\u0001\u0002 garbage \r\n\r\n') },
  garbageInHttp: {
    name: 'a page instead of the answer',
    forward: true,
    answer: http('200 OK', '<html>not JSON</html>'),
  },
  tooManyRequests: { name: 'HTTP 429', forward: false, answer: http('429 Too Many Requests', 'slow down') },
  serverError: { name: 'HTTP 500 before the request', forward: false, answer: http('500 Internal', 'no') },
  serverErrorAfter: { name: 'HTTP 500 after the request', forward: true, answer: http('500 Internal', 'no') },
  redirectAfter: {
    name: 'HTTP 303 after the request',
    forward: true,
    answer: http('303 See Other', '', 'location: /gone\r\n'),
  },
  repeatAfter: {
    name: 'HTTP 307 after the request',
    forward: true,
    answer: http('307 Temporary Redirect', '', 'location: /sql\r\n'),
  },
} as const satisfies Readonly<Record<string, Fault>>

export interface Exchange {
  /** Counts the connections from 0, and the exchanges of each. */
  readonly connection: number
  readonly index: number
  /** The first bytes that the client sent. */
  readonly bytes: Uint8Array
}

export interface FaultProxyOptions {
  readonly target: { readonly host: string; readonly port: number }
  /** @default no fault */
  readonly choose?: (exchange: Exchange) => Fault
}

export interface FaultProxy extends AsyncDisposable {
  readonly port: number
  /** The numbers of the connections that clients have open. */
  readonly openConnections: readonly number[]
  /** Decides from the next exchange on. */
  choose: (exchange: Exchange) => Fault
  /** Ends every connection towards both sides, as a network does at last with one that is dead. */
  dropConnections(): void
}

/** Stands between a client and a server on this machine, and spoils the configured exchanges. */
export async function startFaultProxy({ target, choose = () => faults.none }: FaultProxyOptions): Promise<FaultProxy> {
  const open = new Map<Socket, number>()
  let connections = 0
  const server = createServer((client) => {
    const connection = connections++
    open.set(client, connection)
    client.on('close', () => open.delete(client))
    relay(client, connect(target.port, target.host), {
      connection,
      choose: (exchange) => proxy.choose(exchange),
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    get openConnections() {
      return [...open.values()]
    },
    choose,
    dropConnections() {
      for (const socket of open.keys()) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      proxy.dropConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

interface RelayOptions {
  readonly connection: number
  readonly choose: (exchange: Exchange) => Fault
}

function relay(client: Socket, server: Socket, { connection, choose }: RelayOptions): void {
  let index = 0
  let fault: Fault = faults.none
  let answered = true
  for (const socket of [client, server]) {
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
  }
  client.on('data', (chunk: Uint8Array) => {
    if (answered) fault = choose({ connection, index: index++, bytes: chunk })
    answered = false
    if (fault.forward) server.write(chunk)
    else spoil(client, server, fault)
  })
  server.on('data', (chunk: Uint8Array) => {
    if (fault.answer === 'the answer') {
      answered = true
      client.write(chunk)
    } else if (fault.answer === 'half of the answer') {
      client.write(chunk.subarray(0, chunk.length >> 1), () => client.destroy())
    } else spoil(client, server, fault)
  })
  client.on('close', () => server.destroy())
  server.on('close', () => {
    // What is kept from the client includes that the server has gone.
    if (fault.answer !== 'nothing') client.destroy()
  })
}

function spoil(client: Socket, server: Socket, { answer, forward }: Fault): void {
  if (answer === 'a reset') {
    // A reset of a socket that is being shut down fails, and leaves it open for good.
    if (client.writableEnded) client.destroy()
    else client.resetAndDestroy()
  } else if (answer instanceof Uint8Array) {
    client.end(answer)
    if (!forward) server.destroy()
  }
}
