import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { createConformanceApplication } from '../../src/testing/adapter-conformance/conformance-application.ts'
import { itConforms } from '../../test/support/adapter-conformance.ts'
import { hangUp, leaveEarly } from '../../test/support/hang-up.ts'
import { serve, type NodeServer } from './serve.ts'
import { heldApplication, until } from '../../test/support/held-application.ts'

const local = { port: 0, signals: [], env: {} }

/** Sends a request by hand, gives the start of what comes back, and hangs up. */
function talk(server: NodeServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
    socket.once('error', reject).once('data', (data) => {
      socket.destroy()
      resolve(data.toString())
    })
  })
}

describe('the Node adapter', () => {
  let server: NodeServer
  beforeAll(async () => {
    server = await serve(createConformanceApplication().app, local)
  })
  afterAll(() => server.close())

  itConforms(
    {
      send: (path, init) => fetch(new URL(path, server.url), init),
      hangUp: (path) => hangUp(new URL(server.url), path),
      leaveEarly: (path) => leaveEarly(new URL(server.url), path),
      sendWithLimit: 'a server has no limit',
      async serveOnce(path) {
        const lines: string[] = []
        const { app } = createConformanceApplication({ onLog: (line) => void lines.push(line) })
        await using once = await serve(app, local)
        await (await fetch(new URL(path, once.url))).text()
        await once.close()
        return lines
      },
    },
    'Node',
  )

  it('keeps serving after a 400 to what no Request can express', async () => {
    expect(await talk(server, 'GET http://[bad HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
    expect(await talk(server, 'CONNECT-ish\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
    expect((await fetch(new URL('/untouched', server.url))).status).toBe(203)
  })

  it('takes the host from the header although a path starts with two slashes', async () => {
    expect(await talk(server, 'GET //evil.test/echo HTTP/1.1\r\nHost: good.test\r\n\r\n')).toMatch(/^HTTP\/1.1 200/)
    const echoed = await talk(server, 'GET /echo HTTP/1.1\r\nHost: good.test\r\n\r\n')
    expect(echoed).toContain('"url":"http://good.test/echo"')
  })
})

describe('closing a server', () => {
  it('lets open requests and background work end before it stops the application', async () => {
    const log: string[] = []
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const app = createApplication({
      name: 'test',
      providers: [{ name: 'logged', shutdown: () => void log.push('shutdown') }],
      async fetch(_request, _env, context) {
        log.push('started')
        await released
        context.waitUntil(new Promise((resolve) => setTimeout(resolve, 10)).then(() => log.push('background')))
        return new Response('served')
      },
    })
    const server = await serve(app, local)
    const open = fetch(server.url)
    while (log.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    const closing = server.close()
    await expect(fetch(server.url)).rejects.toThrow()
    release()
    const response = await open
    expect([response.headers.get('connection'), await response.text()]).toEqual(['close', 'served'])
    await closing
    expect(log).toEqual(['started', 'background', 'shutdown'])
  })

  it('breaks off what does not end in time', async () => {
    const begun = Promise.withResolvers<void>()
    const app = createApplication({
      name: 'test',
      fetch: () => {
        begun.resolve()
        return new Promise<Response>(() => {})
      },
    })
    const server = await serve(app, { ...local, closeTimeout: 10 })
    const open = fetch(server.url).then(
      () => 'answered',
      () => 'broken off',
    )
    await begun.promise
    await server.close()
    expect(await open).toBe('broken off')
  })
})

describe('a request’s body', () => {
  /** Sends two requests over one connection and gives the status lines of the answers. */
  const twice = (server: NodeServer, bytes: number): Promise<string[]> =>
    new Promise((resolve) => {
      let received = ''
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(`POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`)
        socket.write(Buffer.alloc(bytes))
        socket.write('GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      })
      socket.on('data', (data) => (received += data.toString()))
      socket.on('close', () => resolve(received.match(/HTTP\/1.1 \d+/g) ?? []))
    })

  const readers: Record<string, (request: Request) => unknown> = {
    'nobody has read': () => {},
    'was read in part': async (request) => {
      const reader = request.body!.getReader()
      await reader.read()
      reader.releaseLock()
    },
    'was cancelled': async (request) => {
      const reader = request.body!.getReader()
      await reader.read()
      await reader.cancel()
    },
  }
  it.each(Object.entries(readers))(
    'a request’s body that %s does not keep the connection from serving',
    async (_name, read) => {
      const { app } = heldApplication(async (request) => {
        if (request.method === 'POST') await read(request)
        return new Response(null, { status: request.method === 'POST' ? 413 : 204 })
      })
      await using server = await serve(app, local)
      expect(await twice(server, 5_000_000)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 204'])
    },
  )

  it('can be read by background work that began before the response', async () => {
    const lengths: number[] = []
    const { app } = heldApplication((request, _env, context) => {
      context.waitUntil(request.arrayBuffer().then((body) => lengths.push(body.byteLength)))
      return new Response(null, { status: 202 })
    })
    await using server = await serve(app, local)
    await fetch(server.url, { method: 'POST', body: new Uint8Array(3_000_000) })
    await until(() => lengths.length > 0)
    expect(lengths).toEqual([3_000_000])
  })

  it('fails when it is read after the response', async () => {
    const { app, log } = heldApplication((request, _env, context) => {
      const late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => request.text())
      context.waitUntil(late)
      return new Response(null, { status: 202 })
    })
    await using server = await serve(app, local)
    await fetch(server.url, { method: 'POST', body: new Uint8Array(3_000_000) })
    await until(() => log.length > 1)
    expect(log).toEqual([expect.stringMatching(/^waitUntil: /), 'end'])
  })

  it('fails when its client breaks off', async () => {
    const { app, log } = heldApplication(async (request) => {
      log.push(await request.text().catch((error: Error) => error.message))
      return new Response()
    })
    await using server = await serve(app, local)
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc', () => socket.destroy()),
    )
    await until(() => log.length > 1)
    expect(log).toEqual(['the body cannot be read: its connection was closed before its end', 'end'])
  })
})

describe('serve', () => {
  it('ends the scope of a response whose client disconnected before it was there', async () => {
    const { promise: left, resolve: leave } = Promise.withResolvers<void>()
    const { app, log } = heldApplication(async (request) => {
      request.signal.addEventListener('abort', () => leave())
      log.push('started')
      await left
      return new Response('too late')
    })
    await using server = await serve(app, local)
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
    await until(() => log.length > 0)
    socket.destroy()
    await until(() => log.length > 1)
    expect(log).toEqual(['started', 'end'])
  })

  it('shuts the application down again when the port is taken', async () => {
    const log: string[] = []
    const shutdown = (): void => void log.push('shutdown')
    await using server = await serve(createApplication({ name: 'test' }), local)
    const app = createApplication({ name: 'test', providers: [{ name: 'logged', shutdown }] })
    await expect(serve(app, { ...local, port: server.port })).rejects.toThrow(/EADDRINUSE/)
    expect(log).toEqual(['shutdown'])
  })

  it('answers HEAD although the body’s source fails when it is cancelled', async () => {
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      onError: ({ error }) => void errors.push(error),
      fetch: () => new Response(new ReadableStream({ cancel: () => Promise.reject(new Error('no')) }), { status: 203 }),
    })
    await using server = await serve(app, local)
    expect((await fetch(server.url, { method: 'HEAD' })).status).toBe(203)
    expect(errors).toEqual([])
  })

  it('rejects when the application cannot boot or the port is taken', async () => {
    const failing = createApplication({
      name: 'test',
      providers: [{ name: 'down', boot: () => Promise.reject(new Error('no database')) }],
    })
    await expect(serve(failing, local)).rejects.toThrow('no database')
    await using server = await serve(createApplication({ name: 'test' }), local)
    await expect(serve(createApplication({ name: 'test' }), { ...local, port: server.port })).rejects.toThrow(
      /EADDRINUSE/,
    )
  })

  it('aborts the request’s signal when the client disconnects before the response', async () => {
    const aborted = Promise.withResolvers<boolean>()
    const begun = Promise.withResolvers<void>()
    const app = createApplication({
      name: 'test',
      fetch: (request) => {
        request.signal.addEventListener('abort', () => aborted.resolve(true), { once: true })
        begun.resolve()
        return new Promise<Response>(() => {})
      },
    })
    await using server = await serve(app, { ...local, closeTimeout: 10 })
    const client = new AbortController()
    const request = fetch(server.url, { signal: client.signal }).catch(() => undefined)
    await begun.promise
    client.abort()
    await request
    expect(await aborted.promise).toBe(true)
  })
})
