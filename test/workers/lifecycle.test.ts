import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterHarness } from 'lexigram-edge/testing'
import { itConforms } from '../support/adapter-conformance.ts'
import { hangUp } from '../support/hang-up.ts'
import { bundleWorker, startWorkerd, type WorkerdOptions } from '../../tools/runtimes/workerd.ts'

const scriptOf = (name: string): Promise<string> => bundleWorker(join(import.meta.dirname, name))

function harnessOf(url: () => Promise<URL>): AdapterHarness {
  return {
    send: async (path, init) => fetch(new URL(path, await url()), init),
    hangUp: async (path) => hangUp(await url(), path),
    leaveEarly: 'workerd does not tell of it before the first byte',
    sendWithLimit: 'Workers limits CPU time, not the time on the wall',
    serveOnce: 'nobody is told of the end of an isolate',
  }
}

const runtimes: Record<string, WorkerdOptions> = {
  'workerd with nodejs_compat': {},
  'workerd without nodejs_compat': { compatibilityDate: '2026-07-01', compatibilityFlags: [] },
}

for (const [name, options] of Object.entries(runtimes)) {
  describe(`the Workers adapter in ${name}`, () => {
    let miniflare: Miniflare
    beforeAll(async () => {
      miniflare = await startWorkerd(await scriptOf('worker.ts'), options)
    })
    const harness = harnessOf(() => miniflare.ready)
    afterAll(() => miniflare.dispose())

    itConforms(harness, `Workers, ${name}`)

    const logged = async (): Promise<string[]> => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const lines = (await (await harness.send('/log')).json()) as string[]
      return lines.map((line) => line.replace(/\d+$/, 'N'))
    }

    it('runs cron triggers in their own scope', async () => {
      await (await miniflare.getWorker()).scheduled({ cron: '* * * * *' })
      expect(await logged()).toEqual(['cron * * * * * in session N', 'end N'])
    })

    it('acknowledges or retries each queue message by its outcome, in its own scope', async () => {
      const message = (body: string) => ({ id: body, timestamp: new Date(), body, attempts: 1 })
      const messages = ['good', 'err', 'throw', 'last'].map(message)
      const outcome = await (await miniflare.getWorker()).queue('jobs', messages)
      expect(outcome.explicitAcks.toSorted()).toEqual(['good', 'last'])
      expect(outcome.retryMessages.map(({ msgId }: { msgId: string }) => msgId).toSorted()).toEqual(['err', 'throw'])
      expect(await logged()).toEqual([
        'message good in session N',
        'end N',
        'message err in session N',
        'end N',
        'handler: refused',
        'message throw in session N',
        'end N',
        'handler: poison',
        'message last in session N',
        'end N',
        'batch: 2 ok, 2 again',
      ])
    })
  })
}

describe('an isolate', () => {
  let miniflare: Miniflare
  beforeAll(async () => {
    miniflare = await startWorkerd(await scriptOf('boot-worker.ts'))
  })
  afterAll(() => miniflare.dispose())
  const counts = async () => {
    const response = await fetch(await miniflare.ready)
    return (await response.json()) as { boots: number; ended: number }
  }

  it('lets no first request await another’s boot', async () => {
    await Promise.all(Array.from({ length: 5 }, counts))
    const { boots } = await counts()
    expect(boots).toBeGreaterThan(1)
    expect((await counts()).boots).toBe(boots)
  })

  /** Opens a WebSocket, and waits for the answer to each message before the next one. */
  async function talk(path: string, messages: readonly string[]) {
    const socket = new WebSocket(new URL(path, (await miniflare.ready).href.replace('http', 'ws')))
    await once(socket, 'open')
    const answers: unknown[] = []
    for (const message of messages) {
      const answered = once(socket, 'message')
      socket.send(message)
      answers.push((await answered).data)
    }
    return {
      answers,
      async close() {
        const closed = once(socket, 'close')
        socket.close()
        await closed
      },
    }
  }

  describe('a WebSocket', () => {
    it('has a scope that ends with the upgrade', async () => {
      const { ended } = await counts()
      const { answers, close } = await talk('/socket', ['hello'])
      expect(answers).toEqual(['refused LEX_ERR_DI_011'])
      expect((await counts()).ended).toBe(ended + 1)
      await close()
    })

    it('keeps its scope while waitUntil waits for its end', async () => {
      const { ended } = await counts()
      const { answers, close } = await talk('/socket/kept', ['hello', 'again'])
      expect(answers).toEqual(['echo hello', 'echo again'])
      expect((await counts()).ended).toBe(ended)
      await close()
      await expect.poll(async () => (await counts()).ended).toBe(ended + 1)
    })
  })
})

function once(socket: WebSocket, type: 'open' | 'message' | 'close'): Promise<{ readonly data?: unknown }> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(type, (event) => resolve(event as { data?: unknown }), { once: true })
    socket.addEventListener('error', () => reject(new Error('the WebSocket failed')), { once: true })
  })
}
