import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { factory } from '../container/registration.ts'
import { token } from '../core/token.ts'
import { createApplication, type Application } from '../runtime/application.ts'
import type { ErrorPhase, Fetch } from '../runtime/application-options.ts'
import { provider } from '../runtime/provider.ts'
import { sharedRuntime } from '../runtime/runtime-traits.ts'
import { createTestTracer } from '../testing/tracing/test-tracer.ts'
import { traced } from '../core/tracing/traced.ts'
import { inspect } from './inspect.ts'
import { startInspector } from './server/start-inspector.ts'
import type { Overview, TraceDetail } from './receive/inspector-state.ts'

const Held = token<Disposable>('Held')
const reported: [unknown, ErrorPhase][] = []
afterEach(() => void reported.splice(0))

const app = (fetch: Fetch, tracer?: ReturnType<typeof createTestTracer>): Application =>
  inspect(
    createApplication({
      name: 'shop',
      ...(tracer && { tracer }),
      onError: ({ error, phase }) => void reported.push([error, phase]),
      providers: [
        provider('held', {
          register: (container) =>
            container.singleton(
              Held,
              factory([], () => ({ [Symbol.dispose]: () => {} })),
            ),
        }),
      ],
      fetch,
    }),
  )

/** Answers one request, and waits for all that the invocation leaves behind. */
async function ask(asked: Application, env: object, path = '/orders'): Promise<Response> {
  const left: Promise<unknown>[] = []
  const request = new Request(`http://shop.test${path}?token=hunter2`, { headers: { authorization: 'hunter2' } })
  const response = await asked.handle(request, { env, waitUntil: (work) => void left.push(work) }, sharedRuntime)
  await response.clone().text()
  for (const work of left) await work
  return response
}

async function listening(answer: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

const read = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T

describe('an inspected application', () => {
  it('shows its requests with their parts, its graph and what it holds', async () => {
    await using inspector = await startInspector()
    const asked = app(async (_request, _env, { scope, span, waitUntil }) => {
      await scope.resolve(Held)
      await traced(span, { name: 'price order' }, () => {})
      void waitUntil
      return new Response('done')
    })
    await ask(asked, inspector.env)
    const overview = await read<Overview>(`${inspector.url}/api/overview`)
    expect(overview.requests).toMatchObject([
      { name: 'GET /orders', status: 200 },
      { name: 'boot', kind: 'boot' },
    ])
    expect(overview.applications).toMatchObject([
      { name: 'shop', runtime: 'node', held: ['Held'], health: { status: 'healthy' } },
    ])
    const { spans } = await read<TraceDetail>(`${inspector.url}/api/requests/${overview.requests[0]?.id}`)
    expect(spans.map(({ name, end }) => [name, end !== undefined])).toEqual([
      ['GET', true],
      ['price order', true],
    ])
    expect(JSON.stringify([overview, spans])).not.toContain('hunter2')
  })

  it('shows each token as a node, whether or not another has its name or instance', async () => {
    await using inspector = await startInspector()
    const [Port, Second, Reader] = [token<object>('Port'), token<Disposable>('Held'), token<object>('Reader')]
    const made = factory([], () => ({ [Symbol.dispose]: () => {} }))
    const aliased = provider('aliased', {
      register: (container) =>
        container
          .singleton(Held, made)
          .singleton(Second, made)
          .alias(Port, Held)
          .singleton(
            Reader,
            factory([Port], () => ({})),
          ),
      boot: (container) => void container.get(Reader),
    })
    await ask(inspect(createApplication({ name: 'shop', providers: [aliased], fetch: () => new Response('') })), {
      ...inspector.env,
    })
    const [shown] = (await read<Overview>(`${inspector.url}/api/overview`)).applications
    const own = shown?.graph.filter(({ by }) => by === 'aliased')
    expect(own?.map(({ name, needs, aliasOf }) => [name, needs, aliasOf])).toEqual([
      ['Held', [], undefined],
      ['Held (2)', [], undefined],
      ['Reader', ['Port'], undefined],
      ['Port', [], 'Held'],
    ])
    expect(shown?.used).toEqual(expect.arrayContaining(['Held', 'Port', 'Reader']))
    expect(shown?.used).not.toContain('Held (2)')
    expect(shown?.held).toEqual(['Held'])
  })

  it('shows a request that goes on', async () => {
    await using inspector = await startInspector()
    let answer = (): void => {}
    const asked = app(() => new Promise((resolve) => void (answer = () => resolve(new Response('done')))))
    const asking = ask(asked, inspector.env)
    const current = async () => (await read<Overview>(`${inspector.url}/api/overview`)).requests
    await expect.poll(current).toMatchObject([{ name: 'GET /orders' }, { name: 'boot' }])
    expect((await current())[0]).not.toHaveProperty('duration')
    answer()
    await asking
    expect((await current())[0]).toHaveProperty('duration')
  })

  it('an inspected application without the variable is the application itself', async () => {
    const tracer = createTestTracer()
    const asked = app((_request, _env, { span }) => Response.json(span?.traceId ?? null), tracer)
    expect(await (await ask(asked, {})).json()).toBe(tracer.named('GET')[0]?.traceId)
    expect(reported).toEqual([])
  })

  it('goes on telling the tracer that it has', async () => {
    await using inspector = await startInspector()
    const tracer = createTestTracer()
    await ask(
      app(() => new Response('done'), tracer),
      inspector.env,
    )
    expect(tracer.named('GET')).toHaveLength(1)
  })

  it('answers as before when the inspector is gone, which is reported once', async () => {
    const inspector = await startInspector()
    await inspector.close()
    const asked = app(() => new Response('done'))
    for (let i = 0; i < 3; i++) expect(await (await ask(asked, inspector.env)).text()).toBe('done')
    expect(reported).toEqual([[expect.any(Error), 'trace']])
  })

  it('is not held up by an inspector that never answers', async () => {
    const sockets: Server = createServer(() => {})
    await new Promise<void>((resolve) => sockets.listen(0, '127.0.0.1', resolve))
    const { port } = sockets.address() as AddressInfo
    const left: Promise<unknown>[] = []
    const asked = app(() => new Response('done'))
    const invocation = {
      env: { LEXIGRAM_INSPECTOR: `http://127.0.0.1:${port}` },
      waitUntil: (work: Promise<unknown>) => void left.push(work),
    }
    const response = await asked.handle(new Request('http://shop.test/'), invocation, sharedRuntime)
    expect(await response.text()).toBe('done')
    sockets.closeAllConnections()
    sockets.close()
    await Promise.all(left)
    expect(reported).toEqual([[expect.any(Error), 'trace']])
  })

  it('answers as before when the address is one of another machine, which is refused once', async () => {
    const asked = app(() => new Response('done'))
    const env = { LEXIGRAM_INSPECTOR: 'http://collector.example' }
    for (let i = 0; i < 3; i++) expect((await ask(asked, env)).status).toBe(200)
    expect(reported).toEqual([[expect.objectContaining({ code: 'LEX_ERR_USE_001' }), 'trace']])
  })

  it('shows the rest of what it did beside an attribute of 10 MB', async () => {
    await using inspector = await startInspector()
    const asked = app((_request, _env, { span }) => {
      span?.set('app.text', 'x'.repeat(10_000_000))
      return new Response('done')
    })
    await ask(asked, inspector.env)
    expect(reported).toEqual([])
    const { requests } = await read<Overview>(`${inspector.url}/api/overview`)
    expect(requests).toMatchObject([{ name: 'GET /orders' }, { name: 'boot' }])
    const { spans } = await read<TraceDetail>(`${inspector.url}/api/requests/${requests[0]?.id}`)
    expect(spans[0]?.attributes['app.text']).toMatch(/cut: 10000000 characters/)
  })

  it('shows requests of an application whose description is too large to be taken', async () => {
    await using inspector = await startInspector()
    const registered = provider('many', {
      register: (container) => {
        for (let index = 0; index < 1000; index++) {
          container.singleton(
            token<object>(`${index}${'x'.repeat(10_000)}`),
            factory([], () => ({})),
          )
        }
        return container
      },
    })
    const large = inspect(
      createApplication({
        name: 'large',
        providers: [registered],
        onError: ({ error, phase }) => void reported.push([error, phase]),
        fetch: () => new Response('done'),
      }),
    )
    for (let round = 0; round < 3; round++) await ask(large, inspector.env)
    const { requests } = await read<Overview>(`${inspector.url}/api/overview`)
    expect(requests).toHaveLength(4)
    expect(reported).toEqual([[expect.objectContaining({ message: expect.stringContaining('413') }), 'trace']])
  })

  it('sends nothing to where another program at the address redirects it', async () => {
    const taken: string[] = []
    const elsewhere = await listening((message, response) => {
      taken.push(message.url ?? '')
      response.writeHead(204).end()
    })
    const redirecting = await listening((_message, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/taken` }).end()
    })
    await ask(
      app(() => new Response('done')),
      { LEXIGRAM_INSPECTOR: redirecting.url },
    )
    expect(taken).toEqual([])
    expect(reported).toEqual([[expect.objectContaining({ message: expect.stringContaining('307') }), 'trace']])
    for (const { server } of [elsewhere, redirecting]) server.close()
  })

  it('does not boot again for the inspector what does not boot', async () => {
    await using inspector = await startInspector()
    const register = vi.fn<() => void>(() => {
      throw new Error('no')
    })
    const failing = inspect(
      createApplication({ name: 'x', onError: () => {}, providers: [provider('p', { register })] }),
    )
    expect((await ask(failing, inspector.env)).status).toBe(503)
    expect(register).toHaveBeenCalledTimes(1)
  })

  it('shows jobs that fail', async () => {
    await using inspector = await startInspector()
    const left: Promise<unknown>[] = []
    const invocation = {
      env: inspector.env,
      event: {},
      trigger: 'schedule',
      waitUntil: (work: Promise<unknown>) => void left.push(work),
    }
    const job = app(() => new Response()).run(
      () => Promise.reject(new RangeError('hunter2')),
      invocation,
      sharedRuntime,
    )
    await expect(job).rejects.toThrow(RangeError)
    await Promise.all(left)
    const { requests } = await read<Overview>(`${inspector.url}/api/overview`)
    expect(requests[0]).toMatchObject({ name: 'schedule', kind: 'job', failure: 'RangeError' })
  })

  it('refuses what is not an application', () => {
    expect(() => inspect({} as never)).toThrow('the application must have handle')
  })
})
