import { PGlite } from '@electric-sql/pglite'
import { Hono } from 'hono'
import { sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { factory } from '../container/registration.ts'
import type { Scope } from '../container/resolver.ts'
import { err } from '../core/result/result.ts'
import { token } from '../core/token.ts'
import { resolve } from '../hono/request-scope.ts'
import { createApplication } from '../runtime/application.ts'
import { RequestContext } from '../runtime/invocation/request-context.ts'
import { provider } from '../runtime/provider.ts'
import { override, startTestApplication } from '../testing/test-application.ts'
import { DatabaseConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { pglite } from './drivers/pglite/driver.ts'
import { inTransaction } from './in-transaction.ts'
import { sqlProvider } from './provider.ts'
import { SqlRepository } from './repository/repository.ts'
import { DbSession, TransactionalDbSession } from './tokens.ts'

const orders = pgTable('orders', { id: text().primaryKey(), total: integer().notNull() })
const lines = pgTable('lines', { id: text().primaryKey(), note: text() })
type Order = typeof orders.$inferSelect
type Line = typeof lines.$inferSelect

class OrderRepository extends SqlRepository<typeof orders, Order> {
  static readonly inject = [DbSession] as const
  constructor(session: DbSession) {
    super(orders, session, { toEntity: (row) => row, toRow: (order) => order })
  }
}

class LineRepository extends SqlRepository<typeof lines, Line> {
  static readonly inject = [DbSession] as const
  constructor(session: DbSession) {
    super(lines, session, { toEntity: (row) => row, toRow: (line) => line })
  }
}

const Orders = token<OrderRepository>('Orders')
const Lines = token<LineRepository>('Lines')
const TenantSession = token<TransactionalDbSession>('TenantSession')

let instance: PGlite
beforeAll(async () => {
  instance = await PGlite.create()
}, 60_000)
afterAll(() => instance.close(), 60_000)
beforeEach(async () => {
  await instance.exec(`drop table if exists orders, lines;
    create table orders (id text primary key, total int not null); create table lines (id text primary key, note text)`)
})

const shop = provider('shop', {
  register(container) {
    container.scoped(Orders, OrderRepository).scoped(Lines, LineRepository)
    container.scoped(
      TenantSession,
      factory([TransactionalDbSession], (session) => session.withSettings({ 'app.tenant_id': 'acme' })),
    )
  },
})

const createShop = (routes?: Hono) =>
  createApplication({
    name: 'shop',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [sqlProvider({ drivers: [pglite({ instance })] }), shop],
    ...(routes && { fetch: routes.fetch }),
  })

const env = { DATABASE_URL: 'pglite:memory', LEX_DATABASE__POOL_TIMEOUT: '1s' }

async function inScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  await using app = await startTestApplication(createShop(), { env })
  return await app.run(work)
}

const stored = async () => {
  const { rows } = await instance.query<{ id: string }>(
    'select id from orders union all select id from lines order by 1',
  )
  return rows.map(({ id }) => id)
}

describe('inTransaction', () => {
  it('commits what several repositories wrote', async () => {
    const saved = await inScope((scope) =>
      inTransaction(scope, async (part) => {
        await (await part.resolve(Lines)).save({ id: 'l', note: null })
        return (await part.resolve(Orders)).save({ id: 'o', total: 1 })
      }),
    )
    expect(saved).toEqual({ id: 'o', total: 1 })
    expect(await stored()).toEqual(['l', 'o'])
  })

  it('undoes what several repositories wrote, for a returned Err and for an exception', async () => {
    await inScope(async (scope) => {
      const work = async (part: Scope) => {
        await (await part.resolve(Lines)).save({ id: 'l', note: null })
        await (await part.resolve(Orders)).save({ id: 'o', total: 1 })
      }
      const refused = inTransaction(scope, async (part) => work(part).then(() => err('NO')))
      expect(await refused).toEqual({ ok: false, error: 'NO' })
      const thrown = inTransaction(scope, async (part) => {
        await work(part)
        throw new RangeError('stop')
      })
      await expect(thrown).rejects.toThrow(RangeError)
    })
    expect(await stored()).toEqual([])
  })

  it('refuses a repository of the scope around it, with the way to take part', async () => {
    await inScope(async (scope) => {
      const outside = await scope.resolve(Orders)
      const mixed = inTransaction(scope, async (part) => {
        await (await part.resolve(Lines)).save({ id: 'l', note: null })
        await outside.save({ id: 'o', total: 1 })
      })
      await expect(mixed).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        hint: expect.stringContaining('inTransaction'),
      })
      await outside.save({ id: 'later', total: 1 })
    })
    expect(await stored()).toEqual(['later'])
  })

  it('is a savepoint inside another', async () => {
    await inScope((scope) =>
      inTransaction(scope, async (outer) => {
        await (await outer.resolve(Orders)).save({ id: 'kept', total: 1 })
        await inTransaction(outer, async (inner) => {
          await (await inner.resolve(Orders)).save({ id: 'undone', total: 1 })
          return err('NO')
        })
        await inTransaction(outer, async (inner) => (await inner.resolve(Lines)).save({ id: 'also', note: null }))
      }),
    )
    expect(await stored()).toEqual(['also', 'kept'])
  })

  it('has the context of the request', async () => {
    await inScope(async (scope) => {
      await inTransaction(scope, async (part) => {
        expect(part.get(RequestContext)).toBe(scope.get(RequestContext))
      })
    })
  })

  it('has one session for each token', async () => {
    await inScope(async (scope) => {
      await inTransaction(scope, async (part) => {
        expect(part.get(DbSession)).toBe(part.get(TransactionalDbSession))
        expect(part.get(DbSession)).not.toBe(scope.get(DbSession))
      })
    })
  })

  it('begins on a session with settings, which hold for all that takes part', async () => {
    const tenant = sql`select current_setting('app.tenant_id', true) as tenant`
    await inScope(async (scope) => {
      const options = { session: TenantSession }
      await inTransaction(
        scope,
        async (part) => {
          expect(part.get(TenantSession)).toBe(part.get(DbSession))
          expect([...(await part.get(DbSession).execute(tenant))]).toEqual([{ tenant: 'acme' }])
        },
        options,
      )
      const without = inTransaction(scope, async (part) => part.resolve(TenantSession))
      await expect(without).rejects.toMatchObject({ code: 'LEX_ERR_USE_001', hint: expect.stringContaining('session') })
    })
  })

  it('rolls back when a scoped instance of it fails to end', async () => {
    await inScope(async (scope) => {
      const forgotten = inTransaction(scope, async (part) => {
        await (await part.resolve(Orders)).save({ id: 'o', total: 1 })
        const unit = part.get(DbSession).unitOfWork()
        unit.add(sql`insert into lines values ('l')`)
        await unit[Symbol.asyncDispose]()
      })
      await expect(forgotten).rejects.toThrow(/uncommitted writes/)
    })
    expect(await stored()).toEqual([])
  })

  it('takes modes', async () => {
    await inScope(async (scope) => {
      const write = inTransaction(scope, async (part) => (await part.resolve(Orders)).save({ id: 'o', total: 1 }), {
        readOnly: true,
      })
      await expect(write).rejects.toMatchObject({ code: 'LEX_ERR_SQL_005' })
    })
  })

  it('refuses modes of a savepoint', async () => {
    await inScope(async (scope) => {
      const nested = inTransaction(scope, (part) => inTransaction(part, async () => 'ok', { readOnly: true }))
      await expect(nested).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    })
  })

  it('refuses a session that a test has put in the place of all others', async () => {
    await using database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })
    await using session = database.session()
    await using app = await startTestApplication(createShop(), {
      env,
      overrides: [override(TransactionalDbSession, session)],
    })
    const outcome = app.run((scope) => inTransaction(scope, async () => 'ok'))
    await expect(outcome).rejects.toMatchObject({ code: 'LEX_ERR_USE_001', hint: expect.stringContaining('Override') })
  })

  it.each([undefined, null, 5, {}])('refuses %j as the scope', async (wrong) => {
    await expect(inTransaction(wrong as never, async () => 'ok')).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})

describe('inTransaction in a route', () => {
  it('finds the scope of the request by the context of Hono', async () => {
    const routes = new Hono()
    routes.post('/orders/:id', async (c) => {
      const id = c.req.param('id')
      const saved = await inTransaction(c, async (scope) => {
        await (await scope.resolve(Lines)).save({ id: `line of ${id}`, note: null })
        const order = await (await scope.resolve(Orders)).save({ id, total: 1 })
        return id === 'bad' ? err('NO') : order
      })
      return c.json(saved)
    })
    routes.get('/orders', async (c) => c.json(await (await resolve(c, Orders)).list()))
    await using app = await startTestApplication(createShop(routes), { env })
    await (await app.fetch('/orders/bad', { method: 'POST' })).text()
    await (await app.fetch('/orders/good', { method: 'POST' })).text()
    expect(await (await app.fetch('/orders')).json()).toEqual([{ id: 'good', total: 1 }])
    expect(await stored()).toEqual(['good', 'line of good'])
    expect(app.errors).toEqual([])
  })
})
