import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { firstRequest } from './first-request.ts'

export function first(): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ id: url.slice(10), name: 'lamp' }))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(firstRequest((server.address() as AddressInfo).port)))
  })
}
