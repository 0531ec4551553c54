import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/runtime/application-options.ts'
import { heldApplication, until } from '../../test/support/held-application.ts'
import { serve, type NodeServer } from './serve.ts'

const megabytes = 32
/** More than buffers between the server and its client hold. */
const large = (): Uint8Array<ArrayBuffer> => new Uint8Array(megabytes * 1_000_000)

async function serving(fetch: Fetch, sendTimeout: number) {
  const { app, log } = heldApplication(fetch)
  const server = await serve(app, { port: 0, signals: [], env: {}, closeTimeout: 10, sendTimeout })
  return { server, log }
}

/** Asks, and reads nothing until it is told to. */
async function ask(server: NodeServer): Promise<{ readonly socket: Socket; readonly closed: () => boolean }> {
  let isClosed = false
  const socket = connect(server.port, '127.0.0.1')
  socket.pause()
  socket.on('error', () => {}).once('close', () => (isClosed = true))
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  return { socket, closed: () => isClosed }
}

function endless(): Response {
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(100_000)) }))
}

describe('a client that does not read its answer', () => {
  it.each([
    ['one that is whole', () => new Response(large())],
    ['one that streams', endless],
  ])('ends the scope after sendTimeout, for %s', async (_name, answer) => {
    const { server, log } = await serving(answer, 100)
    await using _ = server
    const { socket } = await ask(server)
    await until(() => log.length > 0)
    expect(log).toEqual(['end'])
    socket.destroy()
  })

  it('is cut off although it goes on sending', async () => {
    const { server, log } = await serving(endless, 100)
    await using _ = server
    const { socket, closed } = await ask(server)
    const sending = setInterval(() => socket.write('x'), 10)
    await until(() => log.length > 0)
    clearInterval(sending)
    socket.resume()
    await until(closed)
    expect(log).toEqual(['end'])
  })

  it('is cut off when it pipelines requests for answers without bodies', async () => {
    const answer = (): Response => new Response(null, { status: 204, headers: { 'x-long': 'x'.repeat(200_000) } })
    const { server } = await serving(answer, 50)
    await using _ = server
    const { socket, closed } = await ask(server)
    // 40 MB of headers: more than buffers hold.
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200))
    // What only waits does not notice that its connection has ended.
    const sending = setInterval(() => socket.write('x'), 10)
    await until(closed)
    clearInterval(sending)
  })

  it('has its signal aborted', async () => {
    let signal: AbortSignal | undefined
    const { server } = await serving((request) => {
      signal = request.signal
      return endless()
    }, 50)
    await using _ = server
    const { socket } = await ask(server)
    await until(() => signal?.aborted === true)
    socket.destroy()
  })
})

describe('sendTimeout', () => {
  it('does not concern a client that reads slowly', async () => {
    const { server, log } = await serving(() => new Response(large()), 150)
    await using _ = server
    const { socket } = await ask(server)
    let received = 0
    socket.on('data', (data) => {
      received += data.length
      socket.pause()
      setTimeout(() => socket.resume(), 2)
    })
    socket.resume()
    await until(() => received >= megabytes * 1_000_000)
    expect(log).toEqual(['end'])
    socket.destroy()
  })

  it('does not concern an answer that has nothing to send for longer', async () => {
    const start = async (controller: ReadableStreamDefaultController): Promise<void> => {
      controller.enqueue(new TextEncoder().encode('a'))
      await delay(150)
      controller.enqueue(new TextEncoder().encode('b'))
      controller.close()
    }
    const { server } = await serving(() => new Response(new ReadableStream({ start })), 40)
    await using _ = server
    expect(await (await fetch(server.url)).text()).toBe('ab')
  })

  it.each([-1, Number.NaN, '5'])('cannot be %s', async (sendTimeout) => {
    const { app } = heldApplication(() => new Response())
    await expect(serve(app, { sendTimeout: sendTimeout as number })).rejects.toThrow("'sendTimeout' must be a number")
  })
})
