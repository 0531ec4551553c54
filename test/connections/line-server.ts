import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** A ledger over plain TCP: one line of JSON for each command, one for its answer, in any order. */
export interface LineServer extends AsyncDisposable {
  readonly port: number
  /** How many connections there have been. */
  readonly connections: () => number
  /** How many are open now. */
  readonly open: () => number
  /** Every command that has arrived, pings left out. */
  readonly commands: readonly string[]
  /** Breaks every connection. */
  drop(): void
  /** Stops answering the open connections without closing them. */
  fallSilent(): void
  /** Breaks every connection of now with its next ping. */
  dropWhenAsked(): void
}

/** @param port 0 takes any free one */
export async function serveLines(port = 0): Promise<LineServer> {
  const sockets = new Set<Socket>()
  const silent = new WeakSet<Socket>()
  const brittle = new WeakSet<Socket>()
  const commands: string[] = []
  const state = { connections: 0, total: 0 }

  const answerTo = (command: string): { answer?: unknown; error?: Readonly<Record<string, unknown>> } => {
    if (command === 'ping') return { answer: 'pong' }
    commands.push(command)
    const [verb, amount] = command.split(' ')
    if (verb === 'add' || verb === 'wait') return { answer: { total: (state.total += Number(amount)) } }
    return { error: { message: 'unknown command', code: 'E_UNKNOWN' } }
  }

  const server = createServer((socket) => {
    state.connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    createInterface(socket).on('line', (line) => {
      const { id, command } = JSON.parse(line) as { id: number; command: string }
      const reply = `${JSON.stringify({ id, ...answerTo(command) })}\n`
      if (command === 'ping' && brittle.has(socket)) socket.destroy()
      if (silent.has(socket)) return
      // Later than the next turn, so that commands of several clients are in flight at the same time.
      const pause = command.startsWith('wait ') ? Number(command.slice(5)) : 20
      setTimeout(() => socket.writable && socket.write(reply), pause)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => state.connections,
    open: () => sockets.size,
    commands,
    drop,
    fallSilent() {
      for (const socket of sockets) silent.add(socket)
    },
    dropWhenAsked() {
      for (const socket of sockets) brittle.add(socket)
    },
    async [Symbol.asyncDispose]() {
      drop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
