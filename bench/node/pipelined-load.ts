import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** How a load is laid: the machine's time goes to the server, not to a client of HTTP. */
export interface Load {
  readonly connections: number
  /** Requests that a connection sends at once. */
  readonly depth: number
  readonly requests: number
}

/** Sends requests for `/` and reads every answer. @throws Error for an answer other than 200 */
export async function loadPipelined(url: string, { connections, depth, requests }: Load): Promise<void> {
  const { hostname, port } = new URL(url)
  let left = requests
  const work = async (): Promise<void> => {
    const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1')
    await once(socket, 'connect')
    while (left > 0) {
      const count = Math.min(depth, left)
      left -= count
      socket.write(`GET / HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`.repeat(count))
      await answersOf(socket, count)
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, work))
}

async function answersOf(socket: Socket, count: number): Promise<void> {
  let text = ''
  while (!isComplete(text, count)) {
    const [part] = (await once(socket, 'data')) as [string]
    text += part
  }
}

/** Bodies are chunked, or of a length that the head names. */
function isComplete(text: string, count: number): boolean {
  const statuses = text.match(/HTTP\/1\.1 \d{3}/g) ?? []
  const wrong = statuses.find((status) => !status.endsWith('200'))
  if (wrong !== undefined) throw new Error(`the server answered ${wrong}`)
  if (statuses.length < count) return false
  const last = text.slice(text.lastIndexOf('HTTP/1.1 '))
  const end = last.indexOf('\r\n\r\n')
  if (end < 0) return false
  const body = last.slice(end + 4)
  const length = /content-length: (\d+)/i.exec(last.slice(0, end))?.[1]
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length)
}
