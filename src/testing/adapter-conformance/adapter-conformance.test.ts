import { describe, expect, it } from 'vitest'
import { sharedRuntime } from '../../runtime/runtime-traits.ts'
import { adapterConformance } from './adapter-conformance.ts'
import { createConformanceApplication } from './conformance-application.ts'
import { adapterTopics, type AdapterHarness } from './conformance-case.ts'

/** Keeps requests from being collected while they wait for nothing but their signal, which does not hold them. */
const sent: Request[] = []

/** The least that an adapter is: requests are handled, work goes on by itself. */
function plainHarness(): AdapterHarness {
  const { app } = createConformanceApplication()
  const env = {}
  const waitUntil = (): void => {}
  const handle = (path: string, init?: RequestInit, deadline?: number): Promise<Response> => {
    const request = new Request(`https://x.test${path}`, init)
    sent.push(request)
    return app.handle(request, { env, waitUntil, ...(deadline !== undefined && { deadline }) }, sharedRuntime)
  }
  return {
    send: handle,
    hangUp: async (path) => (await handle(path)).body?.cancel(),
    async leaveEarly(path) {
      const client = new AbortController()
      const answered = handle(path, { signal: client.signal })
      client.abort()
      await answered
    },
    sendWithLimit: (path, limit) => handle(path, {}, Date.now() + limit / 2),
    async serveOnce(path) {
      const lines: string[] = []
      const { app: once } = createConformanceApplication({ onLog: (line) => void lines.push(line) })
      const background: Promise<unknown>[] = []
      const keep = (work: Promise<unknown>): void => void background.push(work)
      const request = new Request(`https://x.test${path}`)
      await (await once.handle(request, { env, waitUntil: keep }, sharedRuntime)).text()
      while (background.length > 0) await background.pop()
      await once.stop(env)
      return lines
    },
  }
}

/** The names of the topics of which a case fails. */
async function failedTopics(harness: AdapterHarness, ...only: readonly string[]): Promise<string[]> {
  const failed = new Set<string>()
  for (const { topic, run } of adapterConformance()) {
    if (only.length === 0 || only.includes(topic)) await run(harness).catch(() => failed.add(topic))
  }
  return [...failed]
}

describe('the conformance suite for adapters', () => {
  it('has cases for every topic', () => {
    const topics = new Set(adapterConformance().map(({ topic }) => topic))
    expect([...topics].toSorted()).toEqual([...adapterTopics].toSorted())
  })

  it('passes for an adapter that does what it must', async () => {
    expect(await failedTopics(plainHarness())).toEqual([])
  })

  it('refuses to run a case that does not apply, with the reason', async () => {
    const harness = { ...plainHarness(), hangUp: 'nobody tells' }
    const inapplicable = adapterConformance().filter((each) => each.notApplicable(harness) !== undefined)
    expect(inapplicable.map(({ topic, notApplicable }) => [topic, notApplicable(harness)])).toEqual([
      ['leaving clients', 'nobody tells'],
      ['leaving clients', 'nobody tells'],
    ])
    await expect(inapplicable[0]?.run(harness)).rejects.toThrow('not applicable: nobody tells')
  })

  const faults: Record<string, (sound: AdapterHarness) => Partial<AdapterHarness>> = {
    requests: ({ send }) => ({ send: (path, init) => send(path, { ...init, headers: {} }) }),
    responses: ({ send }) => ({ send: async (...request) => new Response((await send(...request)).body) }),
    'lifecycle order': ({ serveOnce }) => ({
      serveOnce: async (path) => (await (serveOnce as (path: string) => Promise<string[]>)(path)).toReversed(),
    }),
    deadline: ({ send }) => ({ sendWithLimit: (path) => send(path, { signal: AbortSignal.timeout(20) }) }),
    isolation: ({ send }) => {
      const first = new Map<string, Promise<Response>>()
      return {
        send: async (path, init) => {
          if (path !== '/interleaved') return send(path, init)
          if (!first.has(path)) first.set(path, send(path, init))
          return (await first.get(path)!).clone()
        },
      }
    },
    'kinds of bodies': ({ send }) => ({
      async send(path, init) {
        const response = await send(path, init)
        if (!path.startsWith('/body')) return response
        const text = await response.text()
        return new Response(text.slice(1))
      },
    }),
    lengths: ({ send }) => ({
      send: async (path, init) => {
        const { body, status } = await send(path, init)
        return new Response(body, { status })
      },
    }),
    'leaving clients': ({ hangUp }) => ({
      async hangUp(path) {
        if (path === '/stream') return (hangUp as (path: string) => Promise<void>)(path)
      },
    }),
    'thrown values': ({ send }) => ({
      send: async (...request) => {
        const response = await send(...request)
        return response.status === 500 ? new Response('swordfish', { status: 400 }) : response
      },
    }),
    errors: ({ send }) => ({
      send: async (...request) => {
        const response = await send(...request)
        return response.status < 400 ? response : new Response('swordfish', { status: response.status })
      },
    }),
  }
  it.each(Object.entries(faults))('finds what is wrong with %s', async (topic, fault) => {
    const sound = plainHarness()
    expect(await failedTopics({ ...sound, ...fault(sound) }, topic)).toEqual([topic])
  })
})
