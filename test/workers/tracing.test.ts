import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'

interface SpanEvent {
  readonly type: string
  readonly name?: string
  readonly spanId?: string
  readonly parent?: string
  readonly info?: unknown
}

describe('Cloudflare’s own spans, in workerd', () => {
  let miniflare: Miniflare
  beforeAll(async () => {
    const script = await bundleWorker(join(import.meta.dirname, 'tracing-worker.ts'))
    miniflare = await startWorkerd(script, { streamingTail: true, bindings: { NOSQL_DRIVER: 'memory' } })
  })
  afterAll(() => miniflare.dispose())

  const told = async (): Promise<{ events: SpanEvent[]; failures: string[] }> =>
    (await (await fetch(new URL('/events', await miniflare.ready))).json()) as never

  it('nest as the work does, without a value', async () => {
    const response = await fetch(new URL('/users', await miniflare.ready))
    expect([response.status, await response.text()]).toEqual([200, 'done'])
    const stillOpen = async (): Promise<unknown> => {
      const { events } = await told()
      const closed = events.filter(({ type }) => type === 'spanClose').map(({ parent }) => parent)
      return events.filter(({ type, spanId }) => type === 'spanOpen' && !closed.includes(spanId))
    }
    await expect.poll(async () => treeOf((await told()).events)).toHaveLength(8)
    await expect.poll(stillOpen).toEqual([])
    const { events, failures } = await told()
    expect(treeOf(events)).toEqual([
      ['boot', undefined],
      ['register nosql', 'boot'],
      ['boot nosql', 'boot'],
      ['GET', undefined],
      ['sign up', 'GET'],
      ['insertOne users', 'sign up'],
      ['welcome', 'sign up'],
      ['end of scope', 'GET'],
    ])
    expect(JSON.stringify(events)).not.toContain('hunter2')
    const attributes = events.filter(({ type }) => type === 'attributes').flatMap(({ info }) => info)
    expect(attributes).toContainEqual({ name: 'http.response.status_code', value: 200 })
    expect(attributes).toContainEqual({ name: 'db.query.summary', value: 'insertOne users' })
    expect(failures.filter((failure) => failure.startsWith('trace'))).toEqual([])
  })
})

/** Name and parent's name of each span that was opened. */
function treeOf(events: readonly SpanEvent[]): [name: string | undefined, parent: string | undefined][] {
  const opened = events.filter(({ type }) => type === 'spanOpen')
  const names = new Map(opened.map(({ spanId, name }) => [spanId, name]))
  return opened.map(({ name, parent }) => [name, names.get(parent)])
}
