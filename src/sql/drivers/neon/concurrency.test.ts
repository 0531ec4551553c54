import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonLane } from '../../../../test/support/neon-backends.ts'
import type { NeonEndpoint } from '../../../cli/neon-local/serve.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import { neon } from './driver.ts'

const lane = neonLane('PostgreSQL')
let endpoint: NeonEndpoint
let database: DatabaseProvider

beforeAll(async () => {
  if (lane.missing !== undefined) return
  endpoint = await lane.start()
  database = await openDatabase({ drivers: [neon()], url: endpoint.url })
}, 60_000)
afterAll(() => lane.stop(), 60_000)
beforeEach(async (context) => {
  context.skip(lane.missing !== undefined, lane.missing)
  await using session = database.session()
  await session.batch([
    sql`drop table if exists accounts`,
    sql`create table accounts (id int primary key, balance int not null)`,
    sql`insert into accounts values (1, 10), (2, 10)`,
  ])
}, 60_000)

/** Lets two transactions wait for each other's steps. */
function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

const codes = async (...work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((outcome) =>
    outcome.status === 'fulfilled' ? 'kept' : (outcome.reason as { code: string }).code,
  )

describe('transactions at the same time', () => {
  it('cannot both change what they read', async () => {
    const [first, second] = [gate(), gate()]
    const withdraw = async (mine: ReturnType<typeof gate>, other: ReturnType<typeof gate>, id: number) => {
      await using session = database.session()
      await session.transaction(
        async (tx) => {
          await tx.execute(sql`select sum(balance) from accounts`)
          mine.open()
          await other.passed
          await tx.execute(sql`update accounts set balance = balance - 15 where id = ${id}`)
        },
        { isolation: 'serializable' },
      )
    }
    const outcome = await codes(withdraw(first, second, 1), withdraw(second, first, 2))
    expect(outcome.toSorted()).toEqual(['LEX_ERR_SQL_014', 'kept'])
  })

  it('one of two transactions that wait for each other is undone', async () => {
    const [first, second] = [gate(), gate()]
    const move = async (mine: ReturnType<typeof gate>, other: ReturnType<typeof gate>, ids: readonly number[]) => {
      await using session = database.session()
      await session.transaction(async (tx) => {
        await tx.execute(sql`update accounts set balance = 0 where id = ${ids[0]}`)
        mine.open()
        await other.passed
        await tx.execute(sql`update accounts set balance = 1 where id = ${ids[1]}`)
      })
    }
    const outcome = await codes(move(first, second, [1, 2]), move(second, first, [2, 1]))
    expect(outcome.toSorted()).toEqual(['LEX_ERR_SQL_015', 'kept'])
  })

  it('fail at once when a row is locked and they do not want to wait', async () => {
    await using session = database.session()
    await using other = database.session()
    await session.transaction(async (tx) => {
      await tx.execute(sql`select * from accounts where id = 1 for update`)
      expect(await codes(other.execute(sql`select * from accounts where id = 1 for update nowait`))).toEqual([
        'LEX_ERR_SQL_017',
      ])
    })
  })

  it('transactions of one session use its socket one after another', async () => {
    const before = endpoint.stats.sockets
    await using session = database.session()
    for (let i = 0; i < 3; i++) await session.transaction((tx) => tx.execute(sql`select 1`))
    expect(endpoint.stats.sockets - before).toBe(1)
  })

  it('transactions of one session do not use a socket that the server ended in between', async () => {
    await using session = database.session()
    await using other = database.session()
    const [backend] = await session.transaction((tx) =>
      tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`),
    )
    await other.execute(sql`select pg_terminate_backend(${backend?.pid}::int)`)
    await expect.poll(() => endpoint.stats.openSockets).toBe(0)
    expect([...(await session.transaction((tx) => tx.execute(sql`select 1 as one`)))]).toEqual([{ one: 1 }])
  })

  it('transactions that are given up are undone at once', async () => {
    const stop = new AbortController()
    await using session = database.session({ signal: stop.signal })
    const stuck = session.transaction(async (tx) => {
      await tx.execute(sql`update accounts set balance = 99 where id = 1`)
      setTimeout(() => stop.abort(), 20)
      await tx.execute(sql`select pg_sleep(30)`)
    })
    expect(await codes(stuck)).toEqual(['LEX_ERR_INFRA_002'])
    await using after = database.session()
    expect([...(await after.execute(sql`select balance from accounts where id = 1`))]).toEqual([{ balance: 10 }])
  })

  it('cannot lose an update that is guarded by a version, over HTTP alone', async () => {
    const increment = async () => {
      await using session = database.session()
      const [row] = await session.execute<{ balance: number }>(sql`select balance from accounts where id = 1`)
      const write = sql`update accounts set balance = balance + 1 where id = 1 and balance = ${row?.balance}`
      await session.atomic((unit) => unit.add(write, { expectRows: 1 }))
    }
    const outcome = await codes(...Array.from({ length: 8 }, increment))
    const kept = outcome.filter((code) => code === 'kept').length
    await using session = database.session()
    expect([...(await session.execute(sql`select balance from accounts where id = 1`))]).toEqual([
      { balance: 10 + kept },
    ])
    expect(new Set(outcome.filter((code) => code !== 'kept'))).toEqual(
      kept === 8 ? new Set() : new Set(['LEX_ERR_DOM_007']),
    )
  })
})
