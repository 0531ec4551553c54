import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { adapterConformance } from '../../src/testing/adapter-conformance/adapter-conformance.ts'
import { createConformanceApplication } from '../../src/testing/adapter-conformance/conformance-application.ts'
import { serve, type NodeServer } from './serve.ts'

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

  for (const { name, run } of adapterConformance()) {
    it(name, () =>
      run({
        send: (path, init) => fetch(new URL(path, server.url), init),
        hangUp: async (path) => void (await talk(server, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)),
      }),
    )
  }

  it('answers 400 to what no Request can express, and keeps serving', async () => {
    expect(await talk(server, 'GET http://[bad HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
    expect(await talk(server, 'CONNECT-ish\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
    expect((await fetch(new URL('/untouched', server.url))).status).toBe(203)
  })

  it('takes the host from the header and never from a path that starts with two slashes', async () => {
    expect(await talk(server, 'GET //evil.test/echo HTTP/1.1\r\nHost: good.test\r\n\r\n')).toMatch(/^HTTP\/1.1 200/)
    const echoed = await talk(server, 'GET /echo HTTP/1.1\r\nHost: good.test\r\n\r\n')
    expect(echoed).toContain('"url":"http://good.test/echo"')
  })
})

describe('closing a server', () => {
  it('lets open requests and background work end, refuses readiness and new connections, and stops the application', async () => {
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
    const app = createApplication({ name: 'test', fetch: () => new Promise<Response>(() => {}) })
    const server = await serve(app, { ...local, closeTimeout: 10 })
    const open = fetch(server.url).then(
      () => 'answered',
      () => 'broken off',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.close()
    expect(await open).toBe('broken off')
  })
})

describe('serve', () => {
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

  it('aborts the request’s signal when the client leaves before the response', async () => {
    const { promise: aborted, resolve } = Promise.withResolvers<boolean>()
    const app = createApplication({
      name: 'test',
      fetch: (request) =>
        new Promise<Response>(() => request.signal.addEventListener('abort', () => resolve(true), { once: true })),
    })
    await using server = await serve(app, { ...local, closeTimeout: 10 })
    const client = new AbortController()
    const request = fetch(server.url, { signal: client.signal }).catch(() => undefined)
    await new Promise((tick) => setTimeout(tick, 20))
    client.abort()
    await request
    expect(await aborted).toBe(true)
  })
})
