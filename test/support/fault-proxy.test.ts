import { createServer, type AddressInfo, type Server } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faults, startFaultProxy, type Fault } from './fault-proxy.ts'

let server: Server
let received: string[] = []
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      received.push(chunk.toString())
      socket.write(`re:${chunk.toString()}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** Sends one message through a proxy with that fault, and returns what arrived and how it ended, if it did. */
async function send(fault: Fault): Promise<{ answer: string; end: string; received: string[] }> {
  received = []
  await using proxy = await startFaultProxy({
    target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    choose: () => fault,
  })
  const socket = connect(proxy.port, '127.0.0.1')
  let answer = ''
  const end = await new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (fault.answer === 'the answer') resolve('open')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    socket.on('close', () => resolve('closed'))
    socket.write('hello')
    if (fault.answer === 'nothing') setTimeout(() => resolve('open'), 50)
  })
  socket.destroy()
  return { answer, end, received }
}

describe('the fault proxy', () => {
  it.each([
    [faults.none, 're:hello', 'open', ['hello']],
    [faults.resetBefore, '', 'ECONNRESET', []],
    [faults.resetAfter, '', 'ECONNRESET', ['hello']],
    [faults.hang, '', 'open', []],
    [faults.halfOpen, '', 'open', ['hello']],
    [faults.truncated, 're:h', 'closed', ['hello']],
    [faults.garbage, '\u0001\u0002 garbage \r\n\r\n', 'closed', ['hello']],
    [faults.tooManyRequests, expect.stringContaining('429 Too Many Requests'), 'closed', []],
    [faults.serverErrorAfter, expect.stringContaining('500 Internal'), 'closed', ['hello']],
  ])('does what $name says', async (fault, answer, end, delivered) => {
    expect(await send(fault)).toEqual({ answer, end, received: delivered })
  })
})
