import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faults, startFaultProxy, type Fault, type FaultProxy } from '../../../../test/support/fault-proxy.ts'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import { postgres } from './driver.ts'

const bin = findPostgres()
const unknown = 'LEX_ERR_SQL_016'
const unavailable = 'LEX_ERR_SQL_001'

/** For TCP; those of HTTP are bytes of another protocol, as garbage is. */
const spoiled = [faults.resetBefore, faults.resetAfter, faults.halfOpen, faults.hang, faults.truncated, faults.garbage]

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let proxy: FaultProxy
  let database: DatabaseProvider
  let direct: DatabaseProvider
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: cluster.port } })
    direct = await openDatabase({ drivers: [postgres()], url: cluster.url })
  }, 60_000)
  afterAll(async () => {
    await direct?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
    await cluster?.stop()
  }, 60_000)
  beforeEach(async () => {
    const url = cluster.url.replace(`:${cluster.port}/`, `:${proxy.port}/`)
    database = await openDatabase({ drivers: [postgres({ verifyAfter: 50 })], url, statementTimeoutMs: 500 })
    await using session = direct.session()
    await session.batch([sql`drop table if exists rows`, sql`create table rows (id int)`])
  })
  afterEach(async () => {
    proxy.choose = () => faults.none
    await database[Symbol.asyncDispose]()
  })

  const count = async (): Promise<unknown> => {
    await using session = direct.session()
    return (await session.execute('select count(*)::int as n from rows'))[0]?.['n']
  }
  /** Spoils what is sent next, and nothing after it. */
  const spoilNext = (fault: Fault): void => {
    proxy.choose = () => {
      proxy.choose = () => faults.none
      return fault
    }
  }
  const write = sql`insert into rows values (1)`

  describe.each(spoiled)('$name', (fault) => {
    it('the loss of a write is an unknown outcome, before a write that is carried out', async () => {
      await using session = database.session()
      await session.execute('select 1')
      spoilNext(fault)
      await expect(session.execute(write)).rejects.toMatchObject({ code: unknown })
      expect(await count()).toBe(fault.forward ? 1 : 0)
      await session.execute(write)
      expect(await count()).toBe(fault.forward ? 2 : 1)
    })

    it('the loss of a read says that nothing was changed', async () => {
      await using session = database.session()
      await session.execute('select 1')
      spoilNext(fault)
      await expect(session.execute('select 1')).rejects.toMatchObject({
        code: expect.stringMatching(`${unavailable}|LEX_ERR_INFRA_002`),
      })
      expect(await session.execute('select 1 as one')).toEqual([{ one: 1 }])
    })

    it('the loss of a statement in a transaction is known to roll it back', async () => {
      await using session = database.session()
      const work = session.transaction(async (tx) => {
        await tx.execute(write)
        spoilNext(fault)
        await tx.execute(write)
      })
      await expect(work).rejects.toMatchObject({ code: expect.stringMatching(`${unavailable}|LEX_ERR_INFRA_002`) })
      expect(await count()).toBe(0)
    })

    it('the loss of a commit is an unknown outcome', async () => {
      await using session = database.session()
      const work = session.transaction(async (tx) => {
        await tx.execute(write)
        spoilNext(fault)
      })
      await expect(work).rejects.toMatchObject({ code: unknown })
      proxy.dropConnections()
      await expect.poll(count).toBe(fault.forward ? 1 : 0)
    })

    it('the loss of a connection that opens has no outcome at all', async () => {
      await using session = database.session()
      spoilNext(fault)
      await expect(session.execute(write)).rejects.toMatchObject({
        code: expect.stringMatching(`${unavailable}|LEX_ERR_INFRA_002`),
      })
      expect(await count()).toBe(0)
    })
  })

  it('a connection that has died unseen while the process was frozen is not used', async () => {
    await using session = database.session()
    await session.execute('select 1')
    await new Promise((resolve) => setTimeout(resolve, 60))
    spoilNext(faults.resetBefore)
    await session.execute(write)
    expect(await count()).toBe(1)
  })
})
