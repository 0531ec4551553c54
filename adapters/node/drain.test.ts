import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { serve } from './serve.ts'
import { heldApplication, until } from '../../test/support/held-application.ts'

const local = { port: 0, signals: [], env: {} }

describe('a server that drains', () => {
  it('does not wait for a connection that the client would keep, once its response is out', async () => {
    const finish = Promise.withResolvers<void>()
    const { app, log } = heldApplication(() => {
      const start = async (controller: ReadableStreamDefaultController): Promise<void> => {
        controller.enqueue(new TextEncoder().encode('begun'))
        await finish.promise
        controller.close()
      }
      return new Response(new ReadableStream({ start: (controller) => void start(controller) }))
    })
    const server = await serve(app, { ...local, closeTimeout: 600_000 })
    let received = ''
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n')
    socket.on('data', (data) => (received += data.toString()))
    await until(() => received.includes('begun'))
    const closing = server.close()
    finish.resolve()
    await closing
    expect(log).toEqual(['end', 'shutdown'])
  })

  it('does not wait for a connection over which nothing has come', async () => {
    const { app, log } = heldApplication(() => new Response())
    const server = await serve(app, { ...local, closeTimeout: 600_000 })
    const socket = connect(server.port, '127.0.0.1')
    const ended = new Promise((resolve) => socket.on('error', resolve).on('close', resolve))
    // Answered on another connection: the server has the first one by then.
    await fetch(server.url)
    await server.close()
    await ended
    expect(log.at(-1)).toBe('shutdown')
  })

  it('is not ready for a probe over a connection that was open before', async () => {
    const finish = Promise.withResolvers<void>()
    const { app, log } = heldApplication(async () => {
      log.push('begun')
      await finish.promise
      return new Response('served')
    })
    const server = await serve(app, local)
    const open = fetch(server.url)
    await until(() => log.length === 1)
    let answer = ''
    const probe = connect(server.port, '127.0.0.1')
    probe.on('data', (data) => (answer += data.toString()))
    // A request that has begun before, and ends while the server drains.
    probe.write('GET /health/ready HTTP/1.1\r\n')
    await delay(20)
    const closing = server.close()
    probe.write('Host: x\r\n\r\n')
    await until(() => answer.includes('\r\n\r\n'))
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(answer.toLowerCase()).toContain('connection: close')
    finish.resolve()
    await Promise.all([open, closing])
  })

  it('ends the scope of a client that never ends its body once', async () => {
    const { app, log } = heldApplication(async (request) => {
      log.push('begun')
      return new Response(await request.text())
    })
    const server = await serve(app, { ...local, closeTimeout: 20 })
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow')
    await until(() => log.includes('begun'))
    await server.close()
    await until(() => log.includes('end'))
    await delay(5)
    expect(log.filter((line) => line === 'end')).toHaveLength(1)
  })

  it('reports what it has not waited for', async () => {
    const { app, log } = heldApplication((_request, _env, context) => {
      context.waitUntil(new Promise(() => {}))
      return new Response('served')
    })
    const server = await serve(app, { ...local, closeTimeout: 5 })
    await (await fetch(server.url)).text()
    await server.close()
    expect(log).toEqual([expect.stringMatching(/^waitUntil: \d+ request\(s\) or piece\(s\)/), 'shutdown'])
  })

  it('may wait for as long as it takes', async () => {
    const finish = Promise.withResolvers<void>()
    const { app, log } = heldApplication((_request, _env, context) => {
      context.waitUntil(finish.promise)
      return new Response('served')
    })
    const server = await serve(app, { ...local, closeTimeout: Infinity })
    await (await fetch(server.url)).text()
    const closing = server.close()
    await delay(20)
    expect(log).toEqual([])
    finish.resolve()
    await closing
    expect(log).toEqual(['end', 'shutdown'])
    await expect(serve(app, { ...local, closeTimeout: Number.NaN })).rejects.toThrow(/closeTimeout/)
  })

  it('is closed once, however often it is asked to', async () => {
    const { app, log } = heldApplication(() => new Response('served'))
    const server = await serve(app, local)
    await Promise.all([server.close(), server.close()])
    await server.close()
    await server[Symbol.asyncDispose]()
    expect(log).toEqual(['shutdown'])
  })
})

describe('a server that cannot listen', () => {
  it('says where, why and what to do after it shut its application down', async () => {
    await using other = await serve(createApplication({ name: 'other' }), local)
    const cases: readonly [options: { port: number; host?: string }, message: RegExp, hint: RegExp][] = [
      [
        { port: other.port },
        new RegExp(`port ${other.port} of 127\\.0\\.0\\.1 \\(EADDRINUSE\\)`),
        /another port; 0 takes/,
      ],
      [{ port: 70_000 }, /\(ERR_SOCKET_BAD_PORT\)/, /0 to 65535/],
      [{ port: 0, host: '192.0.2.1' }, /\(EADDRNOTAVAIL\)/, /address of this machine/],
    ]
    for (const [options, message, hint] of cases) {
      const { app, log } = heldApplication(() => new Response())
      await expect(serve(app, { ...local, ...options })).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      })
      expect(log).toEqual(['shutdown'])
    }
  })

  it('leaves no listeners for signals behind', async () => {
    const before = process.listenerCount('SIGTERM')
    const failing = createApplication({
      name: 'test',
      providers: [{ name: 'down', boot: () => Promise.reject(new Error('down')) }],
    })
    await expect(serve(failing, { ...local, signals: ['SIGTERM'] })).rejects.toThrow('down')
    const server = await serve(createApplication({ name: 'test' }), { ...local, signals: ['SIGTERM'] })
    expect(process.listenerCount('SIGTERM')).toBe(before + 1)
    await server.close()
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })
})

describe('two servers of one application', () => {
  const counted = () => {
    const log: string[] = []
    const holder = { name: 'holder', boot: () => void log.push('booted'), shutdown: () => void log.push('shut down') }
    return { log, app: createApplication({ name: 'test', providers: [holder], fetch: () => new Response('ok') }) }
  }

  it('share what it has booted, until the last one is closed', async () => {
    const { app, log } = counted()
    const [one, other] = [await serve(app, local), await serve(app, local)]
    await one.close()
    expect([await (await fetch(other.url)).text(), log]).toEqual(['ok', ['booted']])
    await other.close()
    expect(log).toEqual(['booted', 'shut down'])
  })

  it('leave the first one its application when the second cannot listen', async () => {
    const { app, log } = counted()
    await using one = await serve(app, local)
    await expect(serve(app, { ...local, port: one.port })).rejects.toThrow('EADDRINUSE')
    expect(log).toEqual(['booted'])
  })
})
