import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../../src/runtime/index.ts'

const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Stop the process that listens there, or use another port; 0 takes any free port.',
  EACCES: 'Use a port above 1023: lower ones need privileges.',
  EADDRNOTAVAIL: 'Use an address of this machine; 0.0.0.0 is all of them.',
  ENOTFOUND: 'Use an address of this machine; 0.0.0.0 is all of them.',
  ERR_SOCKET_BAD_PORT: 'Use a number from 0 to 65535.',
}

/** Listens. @returns the port, also where any was asked for. @throws UsageError `LEX_ERR_USE_001` when it cannot */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const code = cause.code ?? cause.name
      const hint = hints[code]
      reject(new UsageError(`the server cannot listen on port ${port} of ${host} (${code})`, { cause, hint }))
    }
    server.once('error', refuse)
    try {
      server.listen(port, host, () => {
        server.off('error', refuse)
        // A server on a port has an address with one.
        resolve((server.address() as AddressInfo).port)
      })
    } catch (error) {
      // Node's own, about an argument.
      refuse(error as NodeJS.ErrnoException)
    }
  })
}
