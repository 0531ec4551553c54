import { describe, expect, it } from 'vitest'
import { defineConfig } from '../../config/define-config.ts'
import { list, object, secret, string } from '../../core/setting/schema.ts'
import { toSecret } from '../../core/setting/secret.ts'
import { section } from '../../core/setting/section.ts'
import { createTestTracer } from '../../testing/tracing/test-tracer.ts'
import { createTracer } from '../../tracing/create-tracer.ts'
import { createOutbox } from './outbox.ts'
import { settingsOf } from './settings.ts'
import { targetOf } from './target.ts'
import { twoTracers } from './two-tracers.ts'

describe('where the inspector is', () => {
  const at = (address: unknown) => targetOf({ LEXIGRAM_INSPECTOR: address })

  it('is an address of this machine, or it is not asked for', () => {
    expect(targetOf({})).toBeUndefined()
    expect(at('')).toBeUndefined()
    for (const address of ['http://127.0.0.1:4400', 'http://localhost:1', 'http://[::1]:9/']) {
      expect(at(address)?.href).toContain(address)
    }
  })

  it.each([
    'https://127.0.0.1:1',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://u:p@127.0.0.1',
    'x',
    7,
  ])('is never %s', (address) => {
    expect(() => at(address)).toThrow('LEXIGRAM_INSPECTOR must be an http address of this machine')
  })
})

describe('the outbox', () => {
  const outboxOf = (capacity: number, batch = 1000) => {
    let time = 0
    const outbox = createOutbox({ capacity, batch, now: () => ++time })
    return { outbox, tracer: createTracer(outbox.sink) }
  }

  it('sends each span at its start as at its end', () => {
    const { outbox, tracer } = outboxOf(100)
    const root = tracer.start({ name: 'root' })
    const part = root.start({ name: 'part' })
    const inner = part.start({ name: 'inner', attributes: { 'app.count': 3 } })
    inner.fail(new RangeError('a secret'))
    inner.end()
    expect(outbox.take().spans).toMatchObject([
      { name: 'root', rootId: root.spanId, start: 1 },
      { name: 'part', parentId: root.spanId, rootId: root.spanId },
      { name: 'inner', parentId: part.spanId, rootId: root.spanId, end: 4, failure: 'RangeError' },
    ])
    expect(outbox.isEmpty).toBe(true)
    root.end()
    expect(outbox.take().spans).toMatchObject([{ name: 'root', start: 1, end: 5 }])
  })

  it('counts the oldest, which give way at the limit', () => {
    const { outbox, tracer } = outboxOf(10)
    for (let index = 0; index < 25; index++) tracer.start({ name: `${index}` })
    const { spans, dropped } = outbox.take()
    expect(spans.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 15}`))
    expect(dropped).toBe(15)
    expect(outbox.take()).toEqual({ spans: [], dropped: 0 })
  })

  it('is emptied in batches', () => {
    const { outbox, tracer } = outboxOf(100, 3)
    for (let index = 0; index < 5; index++) tracer.start({ name: 'work' })
    expect([outbox.take().spans.length, outbox.take().spans.length, outbox.take().spans.length]).toEqual([3, 2, 0])
  })

  it('cuts long texts of a span instead of losing it', () => {
    const { outbox, tracer } = outboxOf(10)
    const root = tracer.start({ name: 'n'.repeat(5000), attributes: { early: 'x'.repeat(10_000_000) } })
    root.set('late', 'y'.repeat(10_000_000))
    root.rename('m'.repeat(5000))
    const [span] = outbox.take().spans
    expect(span?.name).toMatch(/^m+… \(cut: 5000 characters\)$/)
    expect(span?.attributes['early']).toMatch(/^x+… \(cut: 10000000 characters\)$/)
    expect(span?.attributes['late']).toMatch(/^y+… \(cut: 10000000 characters\)$/)
  })

  it('makes no batch that the inspector would find too large', () => {
    const { outbox, tracer } = outboxOf(5000)
    // Each character takes six bytes of JSON.
    const attributes = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`a${index}`, '\0'.repeat(1500)]))
    for (let index = 0; index < 300; index++) tracer.start({ name: 'work', attributes })
    let count = 0
    while (!outbox.isEmpty) {
      const batch = outbox.take()
      count += batch.spans.length
      expect(JSON.stringify(batch).length).toBeLessThan(8_000_000)
    }
    expect(count).toBe(300)
  })

  it('continues the trace of a caller', () => {
    const { outbox, tracer } = outboxOf(10)
    tracer.start({ name: 'root' }, { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), sampled: true })
    expect(outbox.take().spans[0]?.traceId).toBe('a'.repeat(32))
  })
})

describe('two tracers', () => {
  it('both receive everything', () => {
    const [first, second] = [createTestTracer(), createTestTracer()]
    const root = twoTracers(first, second).start({ name: 'root' })
    root.set('a', 1)
    const part = root.start({ name: 'part' })
    part.rename('renamed')
    part.fail(new TypeError('x'))
    expect(part.run(() => 7)).toBe(7)
    part.end()
    root.end()
    expect(first.print('a')).toBe('root  a=1\n  renamed  failed: TypeError')
    expect(second.print('a')).toBe(first.print('a'))
    expect(root.traceParent).toContain(first.roots[0]?.traceId)
  })
})

describe('the configuration', () => {
  const mail = section(
    'mail',
    object({ host: string(), password: secret(string()), urls: list(string({ description: 'Where to.' })) }),
  )
  const foreign = section('foreign', {
    '~standard': { version: 1 as const, vendor: 'other', validate: (value: unknown) => ({ value }) },
  })
  const values = new Map<unknown, unknown>([
    [mail, { host: 'localhost', password: toSecret('hunter2'), urls: ['smtp://user:hunter2@host/'] }],
    [foreign, { key: 'hunter2', deep: { key: 'hunter2' } }],
  ])
  const settings = settingsOf(defineConfig({ mail, foreign }), (one) => values.get(one))

  it('shows what its schema knows not to be secret', () => {
    expect(settings.filter(({ section: name }) => name === 'mail')).toEqual([
      { section: 'mail', path: 'host', value: 'localhost', description: '' },
      { section: 'mail', path: 'password', description: '' },
      { section: 'mail', path: 'urls.0', value: 'smtp://…@host/', description: 'Where to.' },
    ])
  })

  it('hides secrets, passwords in addresses and every value of a foreign schema', () => {
    expect(JSON.stringify(settings)).not.toContain('hunter2')
    expect(settings).toContainEqual({ section: 'foreign', path: 'key', description: '' })
  })
})
