import { ConnectionError, type Connectable, type Connection } from 'lexigram-edge/runtime'

/** What the runtimes' sockets have in common. */
export interface StreamSocket {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
  close(): Promise<void>
}

export interface Total {
  readonly total: number
}

interface Reply {
  readonly id: number
  readonly answer?: Total
  readonly error?: { readonly message: string; readonly code: string }
}

/** A client of the line server, for any runtime that can open a socket. */
export function lineConnectable(open: () => Promise<StreamSocket>): Connectable<string, Total> {
  return { name: 'ledger', connect: async () => connectionOver(await open()) }
}

function connectionOver(socket: StreamSocket): Connection<string, Total> {
  const pending = new Map<number, { resolve: (answer: Total) => void; reject: (error: unknown) => void }>()
  const writer = socket.writable.getWriter()
  let lastId = 0
  const lost = (error?: unknown): void => {
    for (const { reject } of pending.values()) reject(new ConnectionError('the ledger is gone', { cause: error }))
    pending.clear()
  }
  const receive = ({ id, answer, error }: Reply): void => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(answer!)
    else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }))
  }
  const closed = readLines(socket.readable, (line) => receive(JSON.parse(line) as Reply)).then(() => lost(), lost)
  const send = async (command: string): Promise<Total> => {
    const id = ++lastId
    const { promise, resolve, reject } = Promise.withResolvers<Total>()
    pending.set(id, { resolve, reject })
    writer.write(new TextEncoder().encode(`${JSON.stringify({ id, command })}\n`)).catch(lost)
    return promise
  }
  return {
    closed,
    execute: send,
    ping: async () => void (await send('ping')),
    close: () => socket.close(),
  }
}

async function readLines(readable: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  let rest = ''
  const reader = readable.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}
