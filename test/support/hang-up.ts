import { connect } from 'node:net'

/** Asks a server for a path, waits for the start of what comes back, and hangs up. */
export function hangUp(server: URL, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(server.port), server.hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`),
    )
    socket.once('data', () => socket.destroy())
    socket.once('error', reject).once('close', () => resolve())
  })
}

/** Asks a server for a path and leaves before anything comes back. */
export function leaveEarly(server: URL, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(server.port), server.hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, () => socket.destroy()),
    )
    socket.once('error', reject).once('close', () => resolve())
  })
}
