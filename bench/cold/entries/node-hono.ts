import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { firstRequest } from './first-request.ts'
import { routes } from './routes.ts'

export function first(): Promise<string> {
  const server = createServer((message, target) => void answer(message, target))
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(firstRequest((server.address() as AddressInfo).port)))
  })
}

async function answer({ url, headers }: IncomingMessage, target: ServerResponse): Promise<void> {
  const response = await routes.fetch(new Request(`http://${headers.host}${url}`))
  target.writeHead(response.status, Object.fromEntries(response.headers))
  target.end(new Uint8Array(await response.arrayBuffer()))
}
