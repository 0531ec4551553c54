import { connect } from 'node:net'

/** The cheapest client there is, as it is measured too. */
export function firstRequest(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /products/42 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    })
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}
