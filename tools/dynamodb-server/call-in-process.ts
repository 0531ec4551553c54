import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'

/** A request to a server of this process. */
export interface InProcessRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Has a server answer a POST without a connection: a request over loopback costs more than the work that it asks for. The
 * server may use the events, headers, method and URL of the request, and the status, headers and end of the response.
 */
export function callInProcess(server: Server, { headers, body }: InProcessRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers })
    const response = {
      statusCode: 200,
      setHeader() {},
      end(text: string) {
        resolve({ status: response.statusCode, text })
      },
    }
    try {
      server.emit('request', request, response)
      request.emit('data', Buffer.from(body))
      request.emit('end')
    } catch (error) {
      reject(error)
    }
  })
}

interface Response {
  readonly status: number
  readonly text: string
}
