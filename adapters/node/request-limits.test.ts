import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/core/errors.ts'
import type { Fetch } from '../../src/runtime/application-options.ts'
import { heldApplication, until } from '../../test/support/held-application.ts'
import { serve, type NodeServer, type ServeOptions } from './serve.ts'

const local = { port: 0, signals: [], env: {} }

/** Sends parts of a request by hand, and resolves with all that comes back until the connection is closed. */
function send(server: NodeServer, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(server.port, '127.0.0.1', () => parts.forEach((part) => socket.write(part)))
    socket.on('data', (data) => (received += data.toString())).on('error', () => {})
    socket.once('close', () => resolve(received))
  })
}

const post = (length: number, more = '') => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${more}\r\n`
const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunkOf = (size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`
const echo: Fetch = async (request) => new Response(await request.text())

async function serving(fetch: Fetch, options: ServeOptions = {}) {
  const { app, log } = heldApplication(fetch)
  return { server: await serve(app, { ...local, ...options }), log }
}

describe('a body that is larger than maxBodyBytes', () => {
  it('is refused before any of it is read', async () => {
    const { server, log } = await serving(echo, { maxBodyBytes: 10 })
    await using _ = server
    const answer = await send(server, post(11))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('"code":"LEX_ERR_DOM_009"')
    expect(log).toEqual([])
  })

  it('is refused by default beyond 10 MiB', async () => {
    const { server } = await serving(echo)
    await using _ = server
    expect(await send(server, post(10 * 1024 * 1024 + 1))).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('is not asked for when its client waits for leave', async () => {
    const { server } = await serving(echo, { maxBodyBytes: 10 })
    await using _ = server
    expect(await send(server, post(11, 'Expect: 100-continue\r\n'))).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('is refused while its client sends it', async () => {
    const { server } = await serving(echo, { maxBodyBytes: 1000 })
    await using _ = server
    const response = await fetch(server.url, { method: 'POST', body: new Uint8Array(20_000_000) })
    expect(response.status).toBe(413)
    await response.text()
  })

  it('is a 413 without a report where it has no length', async () => {
    const { server, log } = await serving(echo, { maxBodyBytes: 100 })
    await using _ = server
    expect(await send(server, chunked, chunkOf(60), chunkOf(60))).toMatch(/^HTTP\/1\.1 413 /)
    await until(() => log.length > 0)
    expect(log).toEqual(['end'])
  })

  it('ends the connection when the response does not need it', async () => {
    const { server } = await serving(() => new Response('early'), { maxBodyBytes: 100 })
    await using _ = server
    expect(await send(server, chunked, chunkOf(60), chunkOf(60))).toMatch(/^HTTP\/1\.1 200 [^]*early/)
  })

  it('ends the connection when it is that of a GET, which has no use for one', async () => {
    const { server } = await serving(() => new Response('early'), { maxBodyBytes: 100 })
    await using _ = server
    const answer = await send(server, chunked.replace('POST', 'GET'), chunkOf(60), chunkOf(60))
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*early/)
  })

  it('is taken where there is no limit', async () => {
    const { server } = await serving(async (request) => new Response(String((await request.bytes()).byteLength)), {
      maxBodyBytes: Infinity,
    })
    await using _ = server
    const response = await fetch(server.url, { method: 'POST', body: new Uint8Array(11_000_000) })
    expect(await response.text()).toBe('11000000')
  })
})

describe('a body that has maxBodyBytes', () => {
  it('is taken, with a length', async () => {
    const { server } = await serving(echo, { maxBodyBytes: 5 })
    await using _ = server
    expect(await (await fetch(server.url, { method: 'POST', body: 'hello' })).text()).toBe('hello')
  })

  it('is taken, in chunks', async () => {
    const { server } = await serving(echo, { maxBodyBytes: 60 })
    await using _ = server
    const answer = await send(
      server,
      chunked.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
      chunkOf(60),
      '0\r\n\r\n',
    )
    expect(answer).toContain('x'.repeat(60))
  })
})

describe('a body that is shorter than its length', () => {
  it('is a 408 without a report after bodyTimeout', async () => {
    const { server, log } = await serving(echo, { bodyTimeout: 30 })
    await using _ = server
    const answer = await send(server, post(10), 'hello')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"code":"LEX_ERR_DOM_008"')
    await until(() => log.length > 0)
    expect(log).toEqual(['end'])
  })

  it('ends the connection after bodyTimeout when nothing reads it', async () => {
    const { server } = await serving(() => new Response('early'), { bodyTimeout: 30 })
    await using _ = server
    expect(await send(server, post(10), 'hello')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('ends the connection after bodyTimeout when it is that of a GET', async () => {
    const { server } = await serving(() => new Response('early'), { bodyTimeout: 30 })
    await using _ = server
    expect(await send(server, post(10).replace('POST', 'GET'), 'hello')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('is a 400 when its client says that it has sent all', async () => {
    const { server, log } = await serving(echo)
    await using _ = server
    const answer = await new Promise<string>((resolve) => {
      let received = ''
      const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }, () => {
        socket.write(post(10))
        socket.end('hello')
      })
      socket.on('data', (data) => (received += data.toString())).on('error', () => {})
      socket.once('close', () => resolve(received))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    await until(() => log.length > 0)
    expect(log).toEqual(['end'])
  })

  it('does not hold the server when its client disconnects', async () => {
    const { server, log } = await serving(echo)
    await using _ = server
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(post(10))
      socket.write('hello', () => socket.destroy())
    })
    socket.on('error', () => {})
    await until(() => log.length > 0)
    expect(log).toEqual(['end'])
  })
})

describe('a body that comes slowly', () => {
  it('is taken as long as each part comes within bodyTimeout', async () => {
    const { server } = await serving(echo, { bodyTimeout: 200 })
    await using _ = server
    let sent = 0
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 60))
        if (sent++ < 5) controller.enqueue(new TextEncoder().encode('part'))
        else controller.close()
      },
    })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    expect(await (await fetch(server.url, init)).text()).toBe('part'.repeat(5))
  })

  it('is a 408 when it has not come whole within uploadTimeout, though each part comes in time', async () => {
    const { server, log } = await serving(echo, { uploadTimeout: 100 })
    await using _ = server
    const answer = await new Promise<string>((resolve) => {
      let received = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(post(1000)))
      const sending = setInterval(() => socket.write('x'), 20)
      socket.on('data', (data) => (received += data.toString())).on('error', () => {})
      socket.once('close', () => {
        clearInterval(sending)
        resolve(received)
      })
    })
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    await until(() => log.length > 0)
    expect(log).toEqual(['end'])
  })

  it('is not timed by bodyTimeout while its reader takes its time', async () => {
    const slowReader: Fetch = async (request) => {
      const reader = request.body!.getReader()
      const { value } = await reader.read()
      await new Promise((resolve) => setTimeout(resolve, 80))
      const rest = await reader.read()
      return new Response(new TextDecoder().decode(value) + String(rest.done))
    }
    const { server } = await serving(slowReader, { bodyTimeout: 30 })
    await using _ = server
    expect(await (await fetch(server.url, { method: 'POST', body: 'hello' })).text()).toBe('hellotrue')
  })
})

describe('options of serve', () => {
  it.each(['closeTimeout', 'maxBodyBytes', 'bodyTimeout'])(
    'refuse a %s that is not a number of at least 0',
    async (name) => {
      const { app } = heldApplication(echo)
      for (const value of [-1, Number.NaN, '10', null]) {
        const served = serve(app, { ...local, [name]: value })
        await expect(served).rejects.toThrow(UsageError)
        await expect(served).rejects.toThrow(`'${name}' must be a number of at least 0`)
      }
    },
  )
})

describe('a connection without requests', () => {
  it('is kept as long as keepAliveTimeout says', async () => {
    const { server } = await serving(echo, { keepAliveTimeout: 65_000 })
    await using _ = server
    expect((await fetch(server.url, { method: 'POST' })).headers.get('keep-alive')).toBe('timeout=65')
  })
})
