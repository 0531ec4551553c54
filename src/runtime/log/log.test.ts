import { afterEach, describe, expect, it, vi } from 'vitest'
import { Log, type LogRecord } from '../../core/log/log.ts'
import { toSecret } from '../../core/setting/secret.ts'
import { createTracer } from '../../tracing/create-tracer.ts'
import { createApplication } from '../application.ts'
import type { ApplicationOptions } from '../application-options.ts'
import type { Invocation } from '../invocation/request-context.ts'
import { sharedRuntime } from '../runtime-traits.ts'

afterEach(() => vi.restoreAllMocks())

/** What an invocation logs. */
async function logged(
  work: (log: Log) => void,
  { env = {}, ...rest }: Partial<Invocation> = {},
  options: Partial<ApplicationOptions> = {},
): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  const app = createApplication({ name: 'test', log: (record) => void records.push(record), ...options })
  const invocation = { env, waitUntil: () => {}, requestId: 'r-1', ...rest }
  await app.run(async (scope) => work(await scope.resolve(Log)), invocation, sharedRuntime)
  return records
}

describe('a log', () => {
  it('has a time, a level, a message, its fields and its request', async () => {
    const [record] = await logged((log) => log.warn('stock is low', { left: 2, key: toSecret('hunter2') }))
    expect(record).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      level: 'warn',
      message: 'stock is low',
      requestId: 'r-1',
      fields: { left: 2, key: '[secret]' },
    })
  })

  it.each([{ messageId: 'r-1' }, { id: 'r-1' }, { eventID: 'r-1' }])('says of which message: %j', async (event) => {
    expect(await logged((log) => log.info('x'), { event })).toMatchObject([{ messageId: 'r-1' }])
    expect((await logged((log) => log.info('x'), { event, requestId: 'r-2' }))[0]).not.toHaveProperty('messageId')
  })

  it('names the trace of its span, or the caller’s', async () => {
    const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
    const tracer = createTracer({ start: () => ({ ...ids, set: () => {}, fail: () => {}, end: () => {} }) })
    expect(await logged((log) => log.info('x'), {}, { tracer })).toMatchObject([ids])
    const traceParent = { traceId: ids.traceId, parentId: ids.spanId, sampled: true } as never
    const [record] = await logged((log) => log.info('x'), { traceParent })
    expect(record).toMatchObject({ traceId: ids.traceId })
    expect(record).not.toHaveProperty('spanId')
  })

  it.each<[unknown, string[]]>([
    [undefined, ['info', 'warn', 'error']],
    ['', ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
    [' WARN ', ['warn', 'error']],
    ['error', ['error']],
  ])('writes from LEX_LOG__LEVEL %j on', async (level, expected) => {
    const env = { LEX_LOG__LEVEL: level }
    const records = await logged(
      (log) => {
        for (const each of ['debug', 'info', 'warn', 'error'] as const) {
          log[each]('x')
          expect(log.writes(each)).toBe(expected.includes(each))
        }
      },
      { env },
    )
    expect(records.map((record) => record.level)).toEqual(expected)
  })

  it('refuses a level that does not exist when the application boots', async () => {
    await expect(logged(() => {}, { env: { LEX_LOG__LEVEL: 'loud' } })).rejects.toMatchObject({
      code: 'LEX_ERR_CFG_001',
      message: expect.stringContaining('LEX_LOG__LEVEL: must be one of debug, info, warn, error'),
    })
  })

  it('adds fields to every line of a derived log', async () => {
    const records = await logged((log) => {
      const order = log.with({ order: 7, step: 'a' })
      order.with({ more: 1 }).info('x', { step: 'b' })
      order.info('y')
      log.info('z')
    })
    expect(records.map(({ fields }) => fields)).toEqual([
      { order: 7, step: 'b', more: 1 },
      { order: 7, step: 'a' },
      undefined,
    ])
  })

  it('goes to the console with the reason when its writer refuses it', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})
    const log = () => {
      throw new Error('full')
    }
    await logged((each) => each.info('kept'), {}, { log })
    expect(String(error.mock.calls[0]?.[0])).toMatch(/the writer of the log has failed.*full/)
    expect(JSON.parse(String(info.mock.calls[0]?.[0]))).toMatchObject({ message: 'kept', requestId: 'r-1' })
  })

  it('writes a line for a message that is not text', async () => {
    const records = await logged((log) => log.info(new Error('x') as never))
    expect(records).toMatchObject([{ message: '[object]' }])
  })

  it('is written to the console as one line of JSON where nothing else is said', async () => {
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => {})
    const app = createApplication({ name: 'test' })
    const invocation = { env: { LEX_LOG__LEVEL: 'debug' }, waitUntil: () => {} }
    await app.run(async (scope) => (await scope.resolve(Log)).debug('two\nlines'), invocation, sharedRuntime)
    expect(debug.mock.calls).toEqual([[expect.not.stringContaining('\n')]])
    expect(JSON.parse(String(debug.mock.calls[0]?.[0]))).toMatchObject({ message: 'two\nlines' })
  })
})

describe('errors without onError', () => {
  it('are lines of the log', async () => {
    const records: LogRecord[] = []
    const app = createApplication({
      name: 'test',
      log: (record) => void records.push(record),
      fetch: () => Promise.reject(new Error('broken', { cause: toSecret('hunter2') })),
    })
    const response = await app.handle(new Request('https://x.test'), { env: {}, waitUntil: () => {} }, sharedRuntime)
    const { instance } = (await response.json()) as { readonly instance: string }
    expect(records).toMatchObject([
      {
        level: 'error',
        message: 'broken',
        requestId: instance,
        fields: { phase: 'handler', error: { name: 'Error', stack: expect.any(String), cause: '[secret]' } },
      },
    ])
  })

  it('name the provider that has failed', async () => {
    const records: LogRecord[] = []
    const failing = { name: 'mail', required: false, boot: () => Promise.reject(new Error('away')) }
    const log = (record: LogRecord) => void records.push(record)
    await using running = await createApplication({ name: 'test', providers: [failing], log }).boot({})
    expect(running).toBeDefined()
    expect(records).toMatchObject([{ message: 'away', fields: { phase: 'provider', provider: 'mail' } }])
    expect(records[0]).not.toHaveProperty('requestId')
  })
})
