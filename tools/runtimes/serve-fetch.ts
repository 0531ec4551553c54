import type { IncomingMessage } from 'node:http'
import { serve } from '../../adapters/node/serve.ts'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext } from '../../src/runtime/invocation/request-context.ts'

export interface FetchServer {
  readonly url: string
  /** Takes no more connections, waits a moment for open requests, and breaks off what is left. */
  close(): Promise<void>
}

/** Where a request comes from. */
export interface Client {
  readonly address: string
}

/**
 * Serves a function from request to response on this machine: the front that platforms have before a function. It adds
 * nothing, health checks included.
 *
 * @throws Error with the code `EADDRINUSE` when the port is taken
 */
export function serveFetch(
  answer: (request: Request, client: Client) => Response | Promise<Response>,
  port: number,
): Promise<FetchServer> {
  const front = createApplication({
    name: 'front',
    health: false,
    fetch(request, _env, { scope }) {
      // The Node adapter's own extra.
      const message = scope.get(RequestContext).platform as IncomingMessage
      return answer(request, { address: message.socket.remoteAddress ?? '' })
    },
  })
  return serve(front, { port, env: {}, signals: [], closeTimeout: 2000 })
}
