import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MalformedRequest, toRequest } from '../../adapters/node/request.ts'
import { sendResponse } from '../../adapters/node/response.ts'

export interface FetchServer {
  readonly url: string
  /** Takes no more connections, waits a moment for open requests, and breaks off what is left. */
  close(): Promise<void>
}

/** How long open requests may take to end, in milliseconds. */
const patience = 2000

/** Where a request comes from. */
export interface Client {
  readonly address: string
}

/**
 * Serves a function from request to response on this machine: the front that platforms have before a function. What the
 * function throws is a 502.
 *
 * @throws Error with the code `EADDRINUSE` when the port is taken
 */
export async function serveFetch(
  answer: (request: Request, client: Client) => Response | Promise<Response>,
  port: number,
): Promise<FetchServer> {
  let origin = ''
  const server = createServer((message, target) => {
    const left = new AbortController()
    target.once('close', () => {
      if (!target.writableFinished) left.abort()
    })
    const respond = async (): Promise<void> => {
      try {
        const request = toRequest(message, target, { origin, signal: left.signal })
        const response = await answer(request, { address: message.socket.remoteAddress ?? '' })
        // The function's own lifecycle reports a body that fails.
        await sendResponse(response, target, { closing: false, onFailure: () => {} })
      } catch (error) {
        const status = error instanceof MalformedRequest ? 400 : 502
        if (status === 502) console.error(error)
        if (target.headersSent) target.destroy()
        else target.writeHead(status, { connection: 'close' }).end()
      }
    }
    void respond()
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, '127.0.0.1', resolve)
  await promise
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: origin,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), patience)
      await closed
      clearTimeout(timer)
    },
  }
}
