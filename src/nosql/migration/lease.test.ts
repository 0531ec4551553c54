import { describe, expect, it } from 'vitest'
import { interceptDriver, type DriverCall } from '../../testing/intercept-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { AddField } from './field-operations.ts'
import { MigrationManager, type MigrationManagerOptions } from './manager.ts'
import type { MigrationContext } from './operation.ts'
import { RunScript } from './run-script.ts'

/** Time that stands still until somebody sleeps or it is moved; timers fire as it passes. */
function fakeTime() {
  let now = 0
  const timers = new Set<{ every: number; due: number; callback: () => void }>()
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  }
  const advance = async (milliseconds: number) => {
    const end = now + milliseconds
    while (now < end) {
      now = Math.min(end, now + 100)
      for (const timer of timers) {
        if (timer.due > now) continue
        timer.due += timer.every
        timer.callback()
        await settle()
      }
    }
  }
  return {
    now: () => now,
    advance,
    sleep: advance,
    every: (every: number, callback: () => void) => {
      const timer = { every, due: now + every, callback }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  }
}

function setUp() {
  let fail: ((call: DriverCall) => boolean) | undefined
  const driver = interceptDriver(memory(), (call) => {
    if (fail?.(call) === true) throw new Error('the network is gone')
  })
  const store = createDocumentStore(driver)
  const time = fakeTime()
  const { now, sleep, every } = time
  const manager = (options: Partial<MigrationManagerOptions> = {}) =>
    new MigrationManager({ store, dbName: 'app', leaseMs: 30_000, segmentSize: 2, now, sleep, every, ...options })
  return { store, time, manager, failOn: (when?: typeof fail) => (fail = when) }
}

describe('the lock', () => {
  it('lets one runner apply and the other find nothing left', async () => {
    const { manager } = setUp()
    const ran: string[] = []
    let waited = false
    const runner = (name: string) => {
      const onProgress: MigrationManagerOptions['onProgress'] = ({ kind }) => void (waited ||= kind === 'waiting')
      const script = new RunScript('x', async ({ progress }) => {
        ran.push(name)
        await progress(1)
      })
      return manager({ runner: name, onProgress }).add(script).apply()
    }
    const outcomes = await Promise.all([runner('a'), runner('b')])
    expect(ran).toHaveLength(1)
    expect(outcomes.map((applied) => applied.length).toSorted((a, b) => a - b)).toEqual([0, 1])
    expect(waited).toBe(true)
  })

  it('gives up waiting with an error that says why', async () => {
    const { manager } = setUp()
    const impatient = manager({ waitMs: 5000 }).add(new RunScript('x', async () => {}))
    const holding = new RunScript('hold', async () => {
      await expect(impatient.apply()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_013', status: 503 })
    })
    expect(await manager().add(holding).apply()).toHaveLength(1)
  })

  it('is kept alive through a step that takes longer than the lease', async () => {
    const { manager, time } = setUp()
    const other = manager({ waitMs: 0 }).add(new RunScript('long', async () => {}))
    const long = new RunScript('long', async () => {
      for (let minute = 0; minute < 10; minute++) {
        await time.advance(60_000)
        await expect(other.apply()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_013' })
      }
    })
    expect(await manager().add(long).apply()).toMatchObject([{ durationMs: 600_000 }])
  })

  it('the lock of a runner that died expires', async () => {
    const { manager, store, failOn } = setUp()
    const users = store.collection('users')
    await users.insertMany(Array.from({ length: 7 }, (_, n) => ({ n })))
    const migrations = () => manager({ every: () => () => undefined }).add(new AddField('users', 'x', { default: 1 }))
    let dead = false
    let segments = 0
    failOn((call) => (dead ||= call.collection === 'users' && call.operation === 'write' && ++segments > 1))
    await expect(migrations().apply()).rejects.toThrow()
    failOn()
    expect(await migrations().status()).toMatchObject([{ status: 'running', record: { changed: 2 } }])
    expect(await migrations().apply()).toMatchObject([{ changed: 7 }])
    expect(await users.countDocuments({ x: 1 })).toBe(7)
  })

  it('the lock that was lost ends the late runner, whose record is no longer its own', async () => {
    const { manager, store, time, failOn } = setUp()
    const migrations = (body: (context: MigrationContext) => Promise<void>, runner: string) =>
      manager({ runner }).add(new RunScript('x', body))
    let other: unknown
    const late = migrations(async ({ progress, signal }) => {
      failOn(({ collection, operation }) => collection === '_migrations_lock' && operation === 'write')
      await time.advance(40_000)
      failOn()
      expect(signal.aborted).toBe(true)
      other = await migrations(async () => undefined, 'second').apply()
      await progress(1)
    }, 'first')
    await expect(late.apply()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_013' })
    expect(other).toHaveLength(1)
    const [record] = await store.collection('_migrations').find().toArray()
    expect(record).toMatchObject({ status: 'applied', runner: 'second', changed: 0 })
  })

  it('outlives one renewal that does not get through', async () => {
    const { manager, time, failOn } = setUp()
    const script = new RunScript('x', async ({ progress }) => {
      let failures = 0
      failOn(
        ({ collection, operation }) => collection === '_migrations_lock' && operation === 'write' && ++failures === 1,
      )
      await time.advance(12_000)
      expect(failures).toBe(1)
      await time.advance(60_000)
      await progress(1)
    })
    expect(await manager().add(script).apply()).toHaveLength(1)
  })
})
