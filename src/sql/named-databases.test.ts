import { sql } from 'drizzle-orm'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import type { Scope } from '../container/resolver.ts'
import { factory } from '../container/registration.ts'
import { named, token } from '../core/token.ts'
import { err } from '../core/result/result.ts'
import { createApplication } from '../runtime/application.ts'
import { provider } from '../runtime/provider.ts'
import { checkGraph } from '../testing/check-graph/check-graph.ts'
import { DatabaseConfig } from './config.ts'
import type { DatabaseDriver } from './contract/driver.ts'
import { Databases } from './databases.ts'
import { pglite } from './drivers/pglite/driver.ts'
import { inTransaction } from './in-transaction.ts'
import { sqlProvider } from './provider.ts'
import { DatabaseProvider, DbSession, ReadOnlyDbSession, TransactionalDbSession } from './tokens.ts'

const instances: Record<string, PGlite> = {}
beforeAll(async () => {
  for (const name of ['main', 'analytics', 'copy']) instances[name] = await PGlite.create()
}, 120_000)
afterAll(() => Promise.all(Object.values(instances).map((instance) => instance.close())))
beforeEach(async () => {
  for (const instance of Object.values(instances)) {
    await instance.exec('drop table if exists marks; create table marks (n int); grant all on marks to public')
  }
})

/** What happened to sessions and databases, by the name in the URL. */
let log: string[] = []
const gone = new Set<string>()

/** `pglite:<name>` is one of the instances above. */
function driver(overrides: Partial<DatabaseDriver> = {}): DatabaseDriver {
  return {
    ...pglite(),
    async open(settings) {
      const name = settings.url.slice('pglite:'.length)
      log.push(`open ${name}`)
      const connection = await pglite({ instance: instances[name]! }).open(settings)
      return {
        session() {
          log.push(`session ${name}`)
          const session = connection.session()
          if (!gone.has(name)) return session
          const away = () => Promise.reject(new Error(`hunter2 at ${settings.url}`))
          return { ...session, execute: away, batch: away }
        },
        async close() {
          log.push(`close ${name}`)
          await connection.close()
        },
      }
    },
    ...overrides,
  }
}

const env = {
  LEX_DATABASE__BACKENDS__0__NAME: 'analytics',
  LEX_DATABASE__BACKENDS__0__URL: 'pglite:analytics',
  LEX_DATABASE__BACKENDS__1__NAME: 'main',
  LEX_DATABASE__BACKENDS__1__URL: 'pglite:main',
  LEX_DATABASE__BACKENDS__1__PRIMARY: 'true',
  LEX_DATABASE__BACKENDS__1__REPLICAS__0: 'pglite:copy',
}
const node = { name: 'node', socketsOutliveRequests: true, sharesPending: true }

class Marks {
  static readonly inject = [DbSession] as const
  readonly session: DbSession
  constructor(session: DbSession) {
    this.session = session
  }
  async add(n: number): Promise<void> {
    await this.session.execute(sql`insert into marks values (${n})`)
  }
  async all(): Promise<unknown[]> {
    return (await this.session.execute(sql`select n from marks order by n`)).map(({ n }) => n)
  }
}
const Main = token<Marks>('Main')
const Analytics = token<Marks>('Analytics')
const marks = provider('marks', {
  register(container) {
    container.scoped(Main, Marks)
    container.scoped(
      Analytics,
      factory([named(DbSession, 'analytics')], (session) => new Marks(session)),
    )
  },
})

const errors: unknown[] = []
const application = (drivers: readonly DatabaseDriver[] = [driver()]) =>
  createApplication({
    name: 'shop',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [sqlProvider({ drivers }), marks],
    onError: ({ error }) => errors.push(error),
  })

async function inScope(work: (scope: Scope) => Promise<unknown>): Promise<void> {
  await using running = await application().boot(env, node)
  await using scope = running.container.scope()
  log = []
  await work(scope)
}

beforeEach(() => {
  log = []
  errors.length = 0
  gone.clear()
})

describe('named databases', () => {
  it('are injected by name, the primary also without one', async () => {
    await inScope(async (scope) => {
      const names = [DatabaseProvider, named(DatabaseProvider, 'main'), named(DatabaseProvider, 'analytics')].map(
        (each) => scope.get(each).name,
      )
      expect(names).toEqual(['main', 'main', 'analytics'])
      expect(scope.get(DbSession)).toBe(scope.get(named(TransactionalDbSession, 'main')))
      expect(scope.get(named(DbSession, 'analytics'))).toBe(scope.get(named(TransactionalDbSession, 'analytics')))
      expect(scope.get(named(DbSession, 'analytics')).database).toBe('analytics')
      await scope.get(Main).add(1)
      await scope.get(Analytics).add(2)
      expect([await scope.get(Main).all(), await scope.get(Analytics).all()]).toEqual([[1], [2]])
      expect(scope.get(Databases).names).toEqual(['main', 'analytics'])
    })
  })

  it('open a session only for a scope that uses them', async () => {
    await inScope(async (scope) => {
      await Promise.all([scope.get(Analytics).add(1), scope.get(Analytics).all()])
      expect(log).toEqual(['session analytics'])
      await scope.get(ReadOnlyDbSession).execute('select 1')
      expect(log).toEqual(['session analytics', 'session copy'])
    })
  })

  it('are opened at once by an application that closes them', async () => {
    let open3: () => void = () => {}
    const all = new Promise<void>((resolve) => (open3 = resolve))
    let opening = 0
    const slow = driver({
      async open(settings) {
        if (++opening === 3) open3()
        await all
        return driver().open(settings)
      },
    })
    await (await application([slow]).boot(env, node)).shutdown()
    expect(log.filter((each) => each.startsWith('close')).toSorted()).toEqual([
      'close analytics',
      'close copy',
      'close main',
    ])
  })

  it('close those that were opened when another cannot be, which is named without its URL', async () => {
    const broken = driver({
      async open(settings) {
        if (settings.url === 'pglite:analytics') throw new Error(`hunter2 at ${settings.url}`)
        return driver().open(settings)
      },
    })
    const error = await application([broken])
      .boot(env, node)
      .catch((thrown: Error) => thrown)
    expect(String(error)).toContain('(analytics)')
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/hunter2|pglite:analytics/)
    await expect
      .poll(() => log.filter((each) => each.startsWith('close')).toSorted())
      .toEqual(['close copy', 'close main'])
  })

  it('refuse a name that is misspelt, with the names there are', async () => {
    const Misspelt = token<unknown>('Misspelt')
    const app = application()
    const wrong = provider('wrong', {
      register: (container) =>
        void container.scoped(
          Misspelt,
          factory([named(DbSession, 'analitics')], (session) => session),
        ),
    })
    const boot = createApplication({ ...app.options, providers: [...(app.options.providers ?? []), wrong] }).boot(
      env,
      node,
    )
    await expect(boot).rejects.toThrow(
      'nothing is registered for DbSession(analitics) (registered: DbSession(main), DbSession(analytics))',
    )
    await inScope(async (scope) => {
      await expect(scope.resolve(named(DbSession, 'analitics'))).rejects.toThrow(
        '(registered: DbSession(main), DbSession(analytics))',
      )
    })
  })

  it.each(['node', 'workers'] as const)(
    'are known to a check of the graph for %s, which has no environment',
    (runtime) => checkGraph(application(), { runtime }),
  )

  it('warn of a URL that platforms set and no database is at', async () => {
    await using _running = await application().boot({ ...env, DATABASE_URL: 'pglite:hunter2' }, node)
    expect(errors.map(String)).toEqual([expect.stringMatching(/LEX_DATABASE__URL[^]*no database is at it/)])
    expect(errors.map(String).join()).not.toContain('hunter2')
  })

  it('are degraded by a replica but failed by a database that is gone', async () => {
    await using running = await application().boot(env, node)
    expect((await running.health('readiness')).status).toBe('healthy')
    gone.add('copy')
    expect((await running.health('readiness')).status).toBe('degraded')
    gone.add('analytics')
    expect((await running.health('readiness')).status).toBe('unhealthy')
    expect(errors.map((error) => (error as Error).message)).toEqual([
      'databases cannot be reached: main.replicas.0',
      'databases cannot be reached: main.replicas.0, analytics',
    ])
    const health = await running.container.get(Databases).health()
    expect(Object.entries(health).map(([name, { status }]) => `${name} ${status}`)).toEqual([
      'main healthy',
      'main.replicas.0 unhealthy',
      'analytics unhealthy',
    ])
  })
})

describe('inTransaction', () => {
  it('takes the named session for repositories of that database alone', async () => {
    await inScope(async (scope) => {
      const session = named(TransactionalDbSession, 'analytics')
      const work = async (part: Scope) => {
        await (await part.resolve(Analytics)).add(1)
        await (await part.resolve(Main)).add(2)
        expect(await part.get(Analytics).all()).toEqual([1])
        return err('no')
      }
      expect(await inTransaction(scope, work, { session })).toEqual({ ok: false, error: 'no' })
      expect([await scope.get(Analytics).all(), await scope.get(Main).all()]).toEqual([[], [2]])
    })
  })

  it('takes the primary by its name as without one', async () => {
    await inScope(async (scope) => {
      const work = async (part: Scope) => {
        await (await part.resolve(Main)).add(1)
        return err('no')
      }
      await inTransaction(scope, work, { session: named(TransactionalDbSession, 'main') })
      expect(await scope.get(Main).all()).toEqual([])
    })
  })

  it('lets repositories read from a replica', async () => {
    await instances['copy']!.exec('insert into marks values (7)')
    await inScope(async (scope) => {
      await scope.get(Main).add(1)
      const work = async (part: Scope) => (await part.resolve(Main)).all()
      expect(await inTransaction(scope, work, { session: ReadOnlyDbSession })).toEqual([7])
      const write = async (part: Scope) => (await part.resolve(Main)).add(8)
      await expect(inTransaction(scope, write, { session: ReadOnlyDbSession })).rejects.toMatchObject({
        code: 'LEX_ERR_SQL_005',
      })
      expect(await scope.get(Main).all()).toEqual([1])
      const there = named(ReadOnlyDbSession, 'analytics')
      await scope.get(Analytics).add(3)
      const both = async (part: Scope) => [
        await (await part.resolve(Analytics)).all(),
        await (await part.resolve(Main)).all(),
      ]
      expect(await inTransaction(scope, both, { session: there })).toEqual([[3], [1]])
    })
  })
})
