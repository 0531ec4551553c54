import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { DatabaseDriver, DriverSettings, RowSet } from '../contract/driver.ts'
import { openDatabase } from '../database.ts'

const nothing: RowSet = { columns: [], rows: [], rowCount: 0 }

/** A driver that does nothing and writes down what it was asked. */
function recorder() {
  const log: string[] = []
  const settings: DriverSettings[] = []
  const note = async <T>(what: string, value: T): Promise<T> => {
    log.push(what)
    return value
  }
  const driver: DatabaseDriver = {
    name: 'recorder',
    io: 'none',
    interactiveTransactions: true,
    accepts: () => true,
    open: (given) => (
      settings.push(given),
      {
        session: () => ({
          execute: ({ text }) => note(text, nothing),
          batch: (statements) =>
            note(
              'batch',
              statements.map(() => nothing),
            ),
          begin: () =>
            note('begin', {
              execute: ({ text }) => note(text, nothing),
              commit: () => note('commit', 'COMMIT'),
              rollback: () => note('rollback', undefined),
            }),
          close: () => note('close', undefined),
        }),
        close: () => Promise.resolve(),
      }
    ),
  }
  return { log, settings, driver, open: () => openDatabase({ drivers: [driver], url: 'recorder:' }) }
}

describe('openDatabase', () => {
  it('takes a time that no timer can hold for the longest one', async () => {
    const { driver, settings } = recorder()
    for (const poolTimeoutMs of [Infinity, 30 * 86_400_000, 5]) {
      await openDatabase({ drivers: [driver], url: 'recorder:', poolTimeoutMs })
    }
    expect(settings.map(({ poolTimeoutMs }) => poolTimeoutMs)).toEqual([2_147_483_647, 2_147_483_647, 5])
  })
})

describe('the end of a session', () => {
  it('names all writes that were forgotten after it released the driver’s part', async () => {
    const { log, open } = recorder()
    const session = (await open()).session()
    session.unitOfWork().add(sql`delete from a`)
    const second = session.unitOfWork()
    second.add(sql`delete from b`)
    second.add(sql`delete from c`)
    const end = session[Symbol.asyncDispose]()
    await expect(end).rejects.toMatchObject({
      errors: [
        { message: expect.stringMatching(/with 1 uncommitted/) },
        { message: expect.stringMatching(/with 2 uncommitted/) },
      ],
    })
    expect(log).toEqual(['close'])
    expect(second.pending).toBe(0)
  })

  it('lets no transaction begin, whether it was asked for before or after', async () => {
    const { log, open } = recorder()
    const session = (await open()).session()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const early = session.transaction(async (tx) => {
      await ended
      await tx.execute('select 1')
    })
    await session[Symbol.asyncDispose]()
    end()
    await expect(early).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    const late = session.transaction((tx) => tx.execute('select 1'))
    await expect(late).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    expect(log).toEqual(['close'])
  })
})

describe('a transaction whose work never ends', () => {
  it('is rolled back when the signal fires, before its work has ended', async () => {
    const { log, open } = recorder()
    const client = new AbortController()
    await using session = (await open()).session({ signal: client.signal })
    const { promise: resumed, resolve: resume } = Promise.withResolvers<void>()
    const { promise: outcome, resolve: finish } = Promise.withResolvers<unknown>()
    const work = session.transaction(async (tx) => {
      await tx.execute('select 1')
      client.abort()
      await resumed
      finish(await tx.execute('select 2').catch((error: unknown) => error))
    })
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    expect(log).toEqual(['begin', 'select 1', 'rollback'])
    resume()
    expect(await outcome).toMatchObject({ code: 'LEX_ERR_SQL_013' })
  })

  it('leaves no listener on the signal when it ends by itself', async () => {
    const { open } = recorder()
    const { signal } = new AbortController()
    let listeners = 0
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
    await using session = (await open()).session({ signal })
    await session.transaction((tx) => tx.execute('select 1'))
    await session.transaction(() => Promise.reject(new Error('no'))).catch(() => undefined)
    expect(listeners).toBe(0)
  })
})
