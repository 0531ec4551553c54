import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/runtime/application-options.ts'
import { serve, type NodeServer } from './serve.ts'
import { collectGarbage } from '../../test/support/collect-garbage.ts'
import { heldApplication, until } from '../../test/support/held-application.ts'

const local = { port: 0, signals: [], env: {} }

/** A connection of which what comes back is kept. */
function dial(server: NodeServer): { socket: Socket; received: () => string; closed: Promise<void> } {
  let received = ''
  const socket = connect(server.port, '127.0.0.1')
  socket.on('data', (data) => (received += data.toString('latin1'))).on('error', () => {})
  return { socket, received: () => received, closed: new Promise((resolve) => socket.once('close', () => resolve())) }
}

/** Sends a text by hand and gives all that comes back until the server closes the connection. */
async function exchange(server: NodeServer, request: string): Promise<string> {
  const { socket, received, closed } = dial(server)
  socket.write(request)
  await closed
  return received()
}

describe('a request by hand', () => {
  const echo: Fetch = async (request) =>
    Response.json({ url: request.url, body: await request.text(), method: request.method })
  const refused: Readonly<Record<string, string>> = {
    'a host with a path': 'GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n',
    'a host with a user': 'GET / HTTP/1.1\r\nHost: user@good.test\r\nConnection: close\r\n\r\n',
    'two hosts': 'GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\nConnection: close\r\n\r\n',
    'no host': 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'a URL without a host': 'GET http:///a HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    'a URL with two hosts': 'GET http://a,b/ HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    'a URL of another scheme': 'GET ftp://x.test/ HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    'a URL with a password': 'GET http://a:b@x.test/ HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    'a method that no Request has': 'TRACE / HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    'two lengths': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'a length beside chunks':
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a length that is no number': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\na',
    'a broken chunk': 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n',
    'a control character in a header': 'GET / HTTP/1.1\r\nHost: x\r\nX-Test: a\u0001b\r\nConnection: close\r\n\r\n',
  }
  it.each(Object.entries(refused))(
    'a request by hand with %s is a 400 that the server survives',
    async (_name, request) => {
      const { app, log } = heldApplication(echo)
      await using server = await serve(app, local)
      expect(await exchange(server, request)).toMatch(/^HTTP\/1\.1 400 /)
      expect((await fetch(server.url)).status).toBe(200)
      expect(log.filter((line) => !line.startsWith('end') && !line.startsWith('handler: '))).toEqual([])
    },
  )

  it('a request by hand with a very long URL is a 431', async () => {
    const { app } = heldApplication(echo)
    await using server = await serve(app, local)
    const long = await exchange(server, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)
    expect(long).toMatch(/^HTTP\/1\.1 431 /)
  })

  it('a request by hand with a URL as long as Node takes is served', async () => {
    const { app } = heldApplication(echo)
    await using server = await serve(app, local)
    const path = `/${'x'.repeat(15_000)}`
    expect(((await (await fetch(server.url + path)).json()) as { url: string }).url).toBe(server.url + path)
  })

  it('a request by hand with a whole URL is for the host of that URL', async () => {
    const { app } = heldApplication(echo)
    await using server = await serve(app, local)
    const answer = await exchange(
      server,
      'GET http://other.test/a?b HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toContain('"url":"http://other.test/a?b"')
  })

  it('a request by hand that waits for leave to send its body gets it', async () => {
    const { app } = heldApplication(echo)
    await using server = await serve(app, local)
    const { socket, received, closed } = dial(server)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n')
    await until(() => received().includes('\r\n\r\n'))
    expect(received()).toMatch(/^HTTP\/1\.1 100 Continue\r\n/)
    socket.write('hello')
    await closed
    expect(received()).toContain('"body":"hello"')
  })

  it('a request by hand for another protocol is answered as the request that it is', async () => {
    const { app, log } = heldApplication(echo)
    await using server = await serve(app, local)
    const { socket, received } = dial(server)
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await until(() => log.includes('end') && received().includes('"method":"GET"'))
    expect(received()).toMatch(/^HTTP\/1\.1 200 /)
    socket.destroy()
    expect(await exchange(server, 'CONNECT x.test:443 HTTP/1.1\r\nHost: x.test\r\n\r\n')).toBe('')
    expect((await fetch(server.url)).status).toBe(200)
  })
})

describe('a response', () => {
  it('cannot be given headers by what a client sends', async () => {
    const { app, log } = heldApplication((request) => {
      const next = new URL(request.url).searchParams.get('next')!
      return new Response(null, { status: 302, headers: { location: next } })
    })
    await using server = await serve(app, local)
    const response = await fetch(`${server.url}/?next=${encodeURIComponent('/\r\nset-cookie: a=1')}`, {
      redirect: 'manual',
    })
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []])
    expect(log).toEqual([expect.stringMatching(/^handler: /), 'end'])
  })

  it('a response to HEAD has no body and a cancelled source', async () => {
    let cancelled = false
    const { app, log } = heldApplication(
      () =>
        new Response(new ReadableStream({ cancel: () => void (cancelled = true) }), {
          headers: { 'content-length': '9' },
        }),
    )
    await using server = await serve(app, local)
    const { socket, received } = dial(server)
    socket.write('HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await until(() => log.length === 2)
    await until(() => received().endsWith('\r\n\r\n') && received().split('HTTP/1.1 200').length === 3)
    expect([cancelled, received().toLowerCase().split('content-length: 9').length]).toEqual([true, 3])
  })

  it('a response whose length is not that of its body breaks the connection before the next answer', async () => {
    for (const length of ['2', '50']) {
      const slowly = async (controller: ReadableStreamDefaultController): Promise<void> => {
        for (const part of ['he', 'llo']) {
          controller.enqueue(new TextEncoder().encode(part))
          await delay(5)
        }
        controller.close()
      }
      const { app, log } = heldApplication(() => {
        const body = new ReadableStream({ start: (controller) => void slowly(controller).catch(() => {}) })
        return new Response(body, { headers: { 'content-length': length } })
      })
      await using server = await serve(app, local)
      const { socket, received, closed } = dial(server)
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n')
      await closed
      expect(received().split('HTTP/1.1').length - 1).toBeLessThanOrEqual(1)
      if (length === '2') expect(received()).not.toContain('llo')
      await until(() => log.includes('end'))
      expect(log).toContainEqual(expect.stringMatching(/^stream: .*content-length/))
    }
  })

  it('is framed once, whatever the application says of it', async () => {
    const headers = { 'transfer-encoding': 'chunked', 'content-length': '5' }
    const { app } = heldApplication(() => new Response('hello', { headers }))
    await using server = await serve(app, local)
    const answer = await exchange(server, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/\r\n\r\nhello$/)
    expect(answer.toLowerCase()).not.toContain('transfer-encoding')
  })

  it.each<[what: string, answer: () => Response, message: string]>([
    [
      'a control character in a header',
      () => new Response('hello', { headers: { 'x-test': 'a\u0001b' } }),
      'the header x-test of a response cannot be sent',
    ],
    [
      'a control character in a cookie',
      () => new Response(null, { headers: { 'set-cookie': 'a=\u0001b' } }),
      'the header set-cookie of a response cannot be sent',
    ],
    [
      'a line break in its status',
      () => Object.defineProperty(new Response(null), 'statusText', { value: 'a\r\nx: 1' }),
      'the status of a response cannot be sent',
    ],
  ])('a response with %s is a 500 that is reported as an error of this package', async (_what, refused, message) => {
    const { app, log } = heldApplication(refused)
    await using server = await serve(app, local)
    const answer = await exchange(server, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 500 /)
    await until(() => log.includes('end'))
    expect(log.filter((line) => line.startsWith('handler: '))).toEqual([
      `handler: ${message}: it must be one that HTTP/1.1 can carry`,
    ])
  })

  it.each([
    ['a text', 'text'],
    ['numbers of two bytes', new Uint16Array(2)],
    ['nothing', undefined],
  ])(
    'a response with %s among its bytes is reported once, whether its scope holds something or not',
    async (_name, chunk) => {
      for (const untouched of [false, true]) {
        const start = (controller: ReadableStreamDefaultController): void => controller.enqueue(chunk)
        const { app, log } = heldApplication(() => new Response(new ReadableStream({ start })), { untouched })
        await using server = await serve(app, local)
        await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow()
        const reported = (): string[] => log.filter((line) => line !== 'end')
        await until(() => reported().length > 0 && (untouched || log.includes('end')))
        expect(reported()).toEqual([expect.stringMatching(/^stream: a chunk of the response body must be bytes, not /)])
      }
    },
  )

  it.each([101, 150, 199, 600, 99, 0.5, Number.NaN])('cannot have the status %s', async (status) => {
    for (const untouched of [false, true]) {
      const { app, log } = heldApplication(
        () => {
          const response = new Response('x')
          Object.defineProperty(response, 'status', { value: status })
          return response
        },
        { untouched },
      )
      await using server = await serve(app, local)
      expect((await fetch(server.url)).status).toBe(500)
      const reported = (): string[] => log.filter((line) => line !== 'end')
      await until(() => reported().length > 0)
      expect(reported()).toHaveLength(1)
    }
  })

  it('a response whose body fails is reported once, whether its scope holds something or not', async () => {
    for (const untouched of [false, true]) {
      const failing = (): Response => {
        let sent = 0
        const pull = (controller: ReadableStreamDefaultController): void => {
          if (sent++ === 0) controller.enqueue(new Uint8Array(1))
          else throw new Error('half-way')
        }
        return new Response(new ReadableStream({ pull }))
      }
      const { app, log } = heldApplication(failing, { untouched })
      await using server = await serve(app, local)
      await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow()
      await until(() => log.includes('stream: half-way') && (untouched || log.includes('end')))
      expect(log).toEqual(untouched ? ['stream: half-way'] : ['stream: half-way', 'end'])
    }
  })

  it('has no headers of another connection, such as those of an answer that is passed on', async () => {
    const trailer = { trailer: 'x-sum', 'content-length': '5' }
    const headers = {
      ...trailer,
      connection: 'upgrade',
      'keep-alive': 'timeout=600',
      'transfer-encoding': 'gzip',
      upgrade: 'h2c',
    }
    const { app } = heldApplication(() => new Response('hello', { headers }))
    await using server = await serve(app, local)
    const answer = await exchange(server, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).not.toMatch(/upgrade|timeout=600|gzip|h2c|trailer/i)
  })

  it('a response of fetch is passed on as it was decoded', async () => {
    const zipped = gzipSync('hello')
    const headers = { 'content-encoding': 'gzip', 'content-length': zipped.length, 'x-kept': '1' }
    const upstream = createServer((_request, response) => void response.writeHead(203, headers).end(zipped))
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    const { port } = upstream.address() as AddressInfo
    for (const untouched of [false, true]) {
      const { app, log } = heldApplication(() => fetch(`http://127.0.0.1:${port}`), { untouched })
      await using server = await serve(app, local)
      const response = await fetch(server.url)
      const names = ['content-encoding', 'content-length', 'x-kept']
      expect([response.status, ...names.map((name) => response.headers.get(name))]).toEqual([203, null, null, '1'])
      expect([await response.text(), log.filter((line) => line !== 'end')]).toEqual(['hello', []])
    }
    upstream.close()
  })

  it('may end its connection', async () => {
    const { app } = heldApplication(() => new Response('hello', { headers: { connection: 'close' } }))
    await using server = await serve(app, local)
    expect(await exchange(server, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^connection: close\r$/im)
  })

  it('a response has its head before the first bytes of its body', async () => {
    const begin = Promise.withResolvers<void>()
    const body = new ReadableStream({
      async pull(controller) {
        await begin.promise
        controller.enqueue(new TextEncoder().encode('data: 1'))
        controller.close()
      },
    })
    const { app } = heldApplication(() => new Response(body))
    await using server = await serve(app, local)
    const response = await fetch(server.url)
    begin.resolve()
    expect([response.status, await response.text()]).toEqual([200, 'data: 1'])
  })

  it('a response whose client disconnects is cancelled rather than reported', async () => {
    for (const untouched of [false, true]) {
      let cancelled = false
      const endless = (): Response =>
        new Response(
          new ReadableStream({
            pull: async (controller) => (await delay(1), controller.enqueue(new Uint8Array(10_000))),
            cancel: () => void (cancelled = true),
          }),
        )
      const { app, log } = heldApplication(endless, { untouched })
      await using server = await serve(app, local)
      const { socket, received } = dial(server)
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      await until(() => received().length > 50_000)
      socket.destroy()
      await until(() => cancelled && (untouched || log.length > 0))
      expect(log).toEqual(untouched ? [] : ['end'])
    }
  })

  it('is made no faster than its client takes it', async () => {
    let pulled = 0
    const { app } = heldApplication(() => {
      const pull = (controller: ReadableStreamDefaultController): void => {
        pulled++
        controller.enqueue(new Uint8Array(65_536))
      }
      return new Response(new ReadableStream({ pull }))
    })
    await using server = await serve(app, { ...local, closeTimeout: 1 })
    const slow = connect(server.port, '127.0.0.1', () => slow.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
    slow.pause()
    await until(() => pulled > 0)
    let before = -1
    while (before !== pulled) {
      before = pulled
      await delay(100)
    }
    // What the kernel and the streams on the way hold, of an endless body.
    expect(pulled * 65_536).toBeLessThan(50_000_000)
    slow.destroy()
  })

  it('ends the scope of a handler that waits for nothing but the end of its connection', async () => {
    let began = false
    const { app, log } = heldApplication(async (request) => {
      const left = new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      began = true
      await left
      return new Response()
    })
    await using server = await serve(app, local)
    const { socket } = dial(server)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => began)
    await collectGarbage()
    socket.destroy()
    await until(() => log.includes('end'))
  })

  it('sends no length of a 204, which has no body', async () => {
    const headers = { 'content-length': '5' }
    const { app } = heldApplication(() => new Response(null, { status: 204, headers }))
    await using server = await serve(app, local)
    const sent = await exchange(server, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(sent).toContain('204 No Content')
    expect(sent.toLowerCase()).not.toContain('content-length')
  })

  it('takes a body no faster than its reader does', async () => {
    const { app } = heldApplication((request) => new Promise<Response>(() => void request.body?.getReader().read()))
    await using server = await serve(app, { ...local, closeTimeout: 1 })
    const upload = connect(server.port, '127.0.0.1')
    upload.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500000000\r\n\r\n')
    upload.on('error', () => {})
    let sent = 0
    const chunk = Buffer.alloc(1_000_000)
    while (sent < 500 && (await write(upload, chunk))) sent++
    expect(sent).toBeLessThan(100)
    upload.destroy()
  })
})

/** Whether the other side takes it within a while. */
function write(socket: Socket, chunk: Buffer): Promise<boolean> {
  const taken = new Promise<boolean>((resolve) => socket.write(chunk, () => resolve(true)))
  return Promise.race([taken, delay(300, false)])
}
