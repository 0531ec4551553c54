import { describe, expect, it, vi } from 'vitest'
import { ConflictError } from '../../core/errors.ts'
import { factory } from '../../container/registration.ts'
import { provider } from '../provider.ts'
import { token } from '../../core/token.ts'
import { createApplication } from '../application.ts'
import type { ApplicationOptions, Fetch } from '../application-options.ts'
import { RequestContext } from './request-context.ts'
import { sharedRuntime } from '../runtime-traits.ts'
import { collectGarbage } from '../../../test/support/collect-garbage.ts'

const Session = token<{ id: number }>('Session')
const encoder = new TextEncoder()

function harness(fetch: Fetch, options: Partial<ApplicationOptions> = {}) {
  const log: string[] = []
  const background: Promise<unknown>[] = []
  let sessions = 0
  const app = createApplication({
    name: 'test',
    fetch,
    onError: ({ error, phase }) => void log.push(`${phase}: ${(error as Error).message}`),
    providers: [
      provider('session', {
        register(container) {
          container.scoped(
            Session,
            factory([], () => ({ id: ++sessions }), { dispose: ({ id }) => void log.push(`end ${id}`) }),
          )
        },
      }),
    ],
    ...options,
  })
  const env = {}
  return {
    app,
    env,
    log,
    send: (path = '/') =>
      app.handle(
        new Request(`https://x.test${path}`),
        { env, waitUntil: (work) => void background.push(work) },
        sharedRuntime,
      ),
    settled: async () => {
      while (background.length > 0) await Promise.all(background.splice(0))
    },
  }
}

const streamOf = (source: UnderlyingDefaultSource<Uint8Array>) => new Response(new ReadableStream(source))

describe('the end of a request’s scope', () => {
  it('comes after the body was read to its end', async () => {
    const { send, log, settled } = harness(
      (_request, _env, { scope }) => new Response(`session ${scope.get(Session).id}`),
    )
    const response = await send()
    expect(log).toEqual([])
    expect(await response.text()).toBe('session 1')
    await settled()
    expect(log).toEqual(['end 1'])
  })

  it('comes when the reader leaves, whose reason reaches the source', async () => {
    let cancelled: unknown
    const { send, log, settled } = harness((_request, _env, { scope }) => {
      scope.get(Session)
      return streamOf({
        pull: (controller) => controller.enqueue(encoder.encode('more')),
        cancel: (reason) => void (cancelled = reason),
      })
    })
    const reader = (await send()).body!.getReader()
    await reader.read()
    await reader.cancel('gone')
    await settled()
    expect(cancelled).toBe('gone')
    expect(log).toEqual(['end 1'])
  })

  it('comes when the body fails, after a report', async () => {
    const { send, log, settled } = harness((_request, _env, { scope }) => {
      scope.get(Session)
      let chunks = 0
      return streamOf({
        pull(controller) {
          if (chunks++ > 2) throw new Error('half-way')
          controller.enqueue(encoder.encode('chunk'))
        },
      })
    })
    const response = await send()
    await expect(response.text()).rejects.toThrow('half-way')
    await settled()
    expect(log).toEqual(['stream: half-way', 'end 1'])
  })

  it('comes after waitUntil work, which may still use the scope', async () => {
    const { send, log, settled } = harness((_request, _env, context) => {
      const work = async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        log.push(`work with ${(await context.scope.resolve(Session)).id}`)
      }
      context.waitUntil(work())
      return new Response('early')
    })
    expect(await (await send()).text()).toBe('early')
    await settled()
    expect(log).toEqual(['work with 1', 'end 1'])
  })

  it('comes for a response without a body', async () => {
    const { send, log, settled } = harness((_request, _env, { scope }) => {
      scope.get(Session)
      return new Response(null, { status: 204 })
    })
    expect((await send()).body).toBeNull()
    await settled()
    expect(log).toEqual(['end 1'])
  })

  it('leaves the very same response alone when there is nothing to release', async () => {
    const made = new Response('untouched')
    const { send } = harness(() => made)
    expect(await send()).toBe(made)
  })

  it('refuses to make, after an unwatched response, what would have to be released', async () => {
    const { send, log, settled } = harness((_request, _env, { scope }) =>
      streamOf({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 1))
          const outcome = await scope.resolve(Session).catch((error: unknown) => error)
          controller.enqueue(encoder.encode((outcome as Error).message))
          controller.close()
        },
      }),
    )
    expect(await (await send()).text()).toMatch(
      /Session cannot be created: it has to be released, but its request was answered already/,
    )
    await settled()
    expect(log).toEqual(['end 1'])
  })

  it('keeps status and headers of a body it watches', async () => {
    const { send } = harness((_request, _env, { scope }) => {
      scope.get(Session)
      return new Response('made', { status: 201, statusText: 'Created', headers: { location: '/1' } })
    })
    const response = await send()
    expect([response.status, response.statusText, response.headers.get('location')]).toEqual([201, 'Created', '/1'])
  })

  it('reports a disposer that hangs without changing the response', async () => {
    const Hanging = token<object>('Hanging')
    const { send, log, settled } = harness((_request, _env, { scope }) => new Response(typeof scope.get(Hanging)), {
      disposeTimeout: 5,
      providers: [
        provider('hanging', {
          register: (container) =>
            container.scoped(
              Hanging,
              factory([], () => ({}), { dispose: () => new Promise<void>(() => {}) }),
            ),
        }),
      ],
    })
    expect(await (await send()).text()).toBe('object')
    await settled()
    expect(log).toEqual(['dispose: instances cannot be disposed of: 1 of their disposers failed'])
  })
})

describe('failures', () => {
  it('answers an expected error as problem details', async () => {
    const { send, log, settled } = harness((_request, _env, { scope }) => {
      scope.get(Session)
      throw new ConflictError('taken')
    })
    const response = await send()
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ detail: 'taken', code: 'LEX_ERR_DOM_007' })
    await settled()
    expect(log).toEqual(['end 1'])
  })

  it('reports an unexpected error without telling it to the caller', async () => {
    const { send, log } = harness(() => Promise.reject(new Error('password is hunter2')))
    const response = await send()
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(log).toEqual(['handler: password is hunter2'])
  })

  it('boots again for the next request after a 503', async () => {
    let attempts = 0
    const flaky = provider('flaky', {
      boot() {
        if (++attempts === 1) throw new Error('postgres://user:secret@host')
      },
    })
    const { send, log } = harness(() => new Response('up'), { providers: [flaky] })
    const down = await send()
    expect(down.status).toBe(503)
    expect(await down.text()).not.toContain('secret')
    expect(log).toHaveLength(1)
    expect(await (await send()).text()).toBe('up')
  })

  const withoutFetch = () => harness(undefined as unknown as Fetch)

  it('answers 404 without a fetch handler', async () => {
    const { send } = withoutFetch()
    expect((await send()).status).toBe(404)
  })

  it('answers health without a fetch handler', async () => {
    const { send } = withoutFetch()
    expect(await (await send('/health/ready')).json()).toEqual({ status: 'healthy', checks: [] })
  })
})

describe('request scopes', () => {
  it('are never shared by interleaved requests', async () => {
    const { send, settled, log } = harness(async (request, _env, { scope }) => {
      const before = await scope.resolve(Session)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      const context = await scope.resolve(RequestContext)
      const same = before === (await scope.resolve(Session)) && context.request === request
      return new Response(same ? String(before.id) : 'mixed up')
    })
    const ids = await Promise.all(Array.from({ length: 50 }, async (_, i) => (await send(`/${i}`)).text()))
    expect(new Set(ids).size).toBe(50)
    expect(ids).not.toContain('mixed up')
    await settled()
    expect(log).toHaveLength(50)
  })
})

describe('an error hook that fails itself', () => {
  const failing = {
    onError: () => {
      throw new Error('the logger is down')
    },
  }

  it('leaves the response and the end of the scope as they are', async () => {
    const ended: number[] = []
    const { send, settled } = harness(
      (_request, _env, context) => {
        context.scope.get(Session)
        context.waitUntil(Promise.reject(new Error('background')))
        throw new Error('bug')
      },
      {
        ...failing,
        providers: [
          provider('session', {
            register(container) {
              const dispose = ({ id }: { id: number }): never => {
                ended.push(id)
                throw new Error('dispose')
              }
              container.scoped(
                Session,
                factory([], () => ({ id: 1 }), { dispose }),
              )
            },
          }),
        ],
      },
    )
    expect((await send()).status).toBe(500)
    await settled()
    expect(ended).toEqual([1])
  })

  it('may return a promise that rejects', async () => {
    const rejecting: () => unknown = () => Promise.reject(new Error('the logger is down'))
    const { send } = harness(() => Promise.reject(new Error('bug')), { onError: rejecting })
    expect((await send()).status).toBe(500)
    await new Promise((resolve) => setTimeout(resolve))
  })

  it('changes nothing about a boot that failed or a check that is unhealthy', async () => {
    const boot = (): never => {
      throw new Error('down')
    }
    const { send: first } = harness(() => new Response(), { ...failing, providers: [{ name: 'a', boot }] })
    expect((await first()).status).toBe(503)
    const { send } = harness(() => new Response(), { ...failing, providers: [{ name: 'a', healthCheck: boot }] })
    expect((await send('/health/ready')).status).toBe(503)
  })
})

describe('what a handler gives that cannot be sent', () => {
  const used = new Response('once')
  const unusable: Record<string, () => unknown> = {
    nothing: () => undefined,
    text: () => 'hello',
    'a network error': () => Response.error(),
    'a body that was read already': () => used,
    'a body that somebody reads': () => {
      const response = new Response('twice')
      response.body?.getReader()
      return response
    },
  }
  it.each(Object.entries(unusable))('%s is reported and answered with 500', async (_name, give) => {
    if (!used.bodyUsed) await used.text()
    const { send, log, settled } = harness(((_request, _env, { scope }) => {
      scope.get(Session)
      return give()
    }) as Fetch)
    const response = await send()
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json'])
    await settled()
    expect(log).toEqual([expect.stringMatching(/^handler: the handler must return a response /), 'end 1'])
  })
  it.each(Object.entries(unusable))('%s is reported although the scope holds nothing', async (_name, give) => {
    if (!used.bodyUsed) await used.text()
    const { send, log } = harness(give as Fetch)
    expect((await send()).status).toBe(500)
    expect(log).toEqual([expect.stringMatching(/^handler: the handler must return a response /)])
  })
})

describe('an application that was shut down under a request', () => {
  it('answers that request with 503', async () => {
    const { app, env, send, log } = harness(() => new Response('late'))
    const running = await app.start(env, sharedRuntime)
    await running.shutdown()
    expect((await send()).status).toBe(503)
    expect(log).toEqual([expect.stringMatching(/^boot: /)])
  })
})

describe('an application that says nothing of errors', () => {
  it('logs them where there is no onError', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = createApplication({ name: 'test', fetch: () => Promise.reject(new Error('broken')) })
    const response = await app.handle(new Request('https://x.test'), { env: {}, waitUntil: () => {} }, sharedRuntime)
    // A caller who tells of the answer's instance has told where to look.
    const { instance } = (await response.json()) as { instance: string }
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toMatchObject([
      { level: 'error', message: 'broken', requestId: instance, fields: { phase: 'handler' } },
    ])
    log.mockRestore()
  })
})

describe('failures of a request', () => {
  const late = (path: string, deadline: number) => {
    const { app, env, log } = harness(async (request, _env, { scope }) => {
      const { signal } = await scope.resolve(RequestContext)
      const timeout = request.url.endsWith('/own') ? AbortSignal.timeout(0) : signal
      await new Promise((resolve) => timeout.addEventListener('abort', resolve))
      timeout.throwIfAborted()
      return new Response()
    })
    const invocation = { env, deadline, waitUntil: () => {} }
    return { log, response: app.handle(new Request(`https://x.test${path}`), invocation, sharedRuntime) }
  }

  it('are a 504 when they come of its deadline', async () => {
    const { log, response } = late('/', Date.now())
    expect((await response).status).toBe(504)
    expect(log[0]).toBe('handler: the request cannot complete: its deadline has passed')
  })

  it('are a 500 when something else took too long', async () => {
    const { response } = late('/own', Date.now() + 60_000)
    expect((await response).status).toBe(500)
  })

  it('are reported with its id, whatever has failed', async () => {
    const told: unknown[] = []
    const Failing = token<object>('Failing')
    const failing = provider('failing', {
      register(container) {
        const dispose = () => Promise.reject(new Error('dispose'))
        container.scoped(
          Failing,
          factory([], () => ({}), { dispose }),
        )
      },
    })
    const { app, env, settled } = harness(
      async (request, _env, context) => {
        if (request.url.endsWith('/handler')) throw new Error('handler')
        await context.scope.resolve(Failing)
        context.waitUntil(Promise.reject(new Error('waitUntil')))
        return streamOf({ pull: (controller) => controller.error(new Error('stream')) })
      },
      { providers: [failing], onError: ({ phase, subject }) => told.push([phase, subject]) },
    )
    const background: Promise<unknown>[] = []
    const send = (path: string) => {
      const request = new Request(`https://x.test${path}`, { headers: { 'x-request-id': `id-of${path}` } })
      return app.handle(request, { env, waitUntil: (work) => void background.push(work) }, sharedRuntime)
    }
    await send('/handler')
    await (await send('/late')).text().catch(() => {})
    await Promise.all(background)
    await settled()
    expect(told).toEqual([
      ['handler', 'id-of/handler'],
      ['waitUntil', 'id-of/late'],
      ['stream', 'id-of/late'],
      ['dispose', 'id-of/late'],
    ])
  })
})

describe('work that waits only for its caller to leave', () => {
  const waits: Readonly<Record<string, Fetch>> = {
    'a handler, by the signal of the request': async (request) => {
      await aborted(request.signal)
      return new Response()
    },
    'a handler, by the signal of the context': async (_request, _env, { scope }) => {
      await aborted(scope.get(RequestContext).signal)
      return new Response()
    },
    'work after the answer': (request, _env, context) => {
      context.waitUntil(aborted(request.signal))
      return new Response()
    },
  }

  it.each(Object.entries(waits))('goes on when it does, after garbage was collected: %s', async (_name, fetch) => {
    const caller = new AbortController()
    const { app, env, log } = harness((request, bindings, context) => {
      context.scope.get(Session)
      return fetch(request, bindings, context)
    })
    await app.start(env, sharedRuntime)
    const send = () =>
      app.handle(new Request('https://x.test/', { signal: caller.signal }), { env, waitUntil: () => {} }, sharedRuntime)
    void send()
    await collectGarbage()
    expect(log).toEqual([])
    caller.abort()
    await vi.waitFor(() => expect(log).toEqual(['end 1']))
  })
})

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', resolve))
}
