import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors.ts'
import type { DatabaseDriver, DriverSession, RowSet } from '../contract/driver.ts'
import { openDatabase, type DatabaseOptions, type DatabaseProvider } from '../database.ts'
import type { TransactionalDbSession } from '../session/session.ts'

/** What each database was asked, in order: `<host> <statement>`. */
let asked: string[]
/** Hosts that cannot be reached. */
let gone: Set<string>
let opened: string[]
let closed: string[]
let now: number
beforeEach(() => {
  ;[asked, gone, opened, closed, now] = [[], new Set(), [], [], 0]
})

const rows: RowSet = { columns: [{ name: 'host', type: 25 }], rows: [['x']], rowCount: 1 }

/** A driver of databases that answer, or are gone; a statement that is an SQLSTATE is refused with it. */
function fake(overrides: Partial<DatabaseDriver> = {}): DatabaseDriver {
  return {
    name: 'fake',
    io: 'none',
    interactiveTransactions: true,
    accepts: (url) => url.protocol === 'fake:',
    open: ({ url }) => ({
      session: () => sessionOf(new URL(url).hostname),
      close: async () => void closed.push(`database ${new URL(url).hostname}`),
    }),
    ...overrides,
  }
}

function sessionOf(host: string): DriverSession {
  opened.push(host)
  const answer = (text: string): Promise<RowSet> => {
    asked.push(`${host} ${text}`)
    if (gone.has(host)) return Promise.reject(new Error('ECONNREFUSED'))
    const refused = /^[0-9A-Z]{5}$/.test(text)
    return refused
      ? Promise.reject(Object.assign(new Error(), { code: text, severity: 'ERROR' }))
      : Promise.resolve(rows)
  }
  return {
    execute: ({ text }) => answer(text),
    batch: async (statements) => {
      const sets: RowSet[] = []
      for (const { text } of statements) sets.push(await answer(text))
      return sets
    },
    begin: async ({ verify }) => {
      await answer(verify === true ? 'begin, verified' : 'begin')
      return {
        execute: ({ text }) => answer(text),
        commit: () => Promise.resolve('COMMIT'),
        rollback: () => Promise.resolve(),
      }
    },
    close: async () => void closed.push(host),
  }
}

const warnings: string[] = []
const open = (options: Partial<DatabaseOptions> = {}): Promise<DatabaseProvider> => {
  warnings.length = 0
  return openDatabase({
    drivers: [fake()],
    url: 'fake://main',
    replicas: ['fake://a', 'fake://b'],
    name: 'shop',
    now: () => now,
    onWarning: (warning) => warnings.push(warning.message),
    ...options,
  })
}
const hosts = (): string[] => asked.map((each) => each.split(' ')[0]!)

async function inSession(
  database: DatabaseProvider,
  work: (session: TransactionalDbSession) => Promise<unknown>,
): Promise<void> {
  await using session = database.session({ readOnly: true })
  await work(session)
}

describe('a session that only reads', () => {
  it('stays with one replica until the next session', async () => {
    await using database = await open()
    const seen: string[] = []
    for (let i = 0; i < 4; i++) {
      asked = []
      await inSession(database, async (session) => {
        await Promise.all([session.execute('select 1'), session.execute('select 2')])
        await session.transaction((tx) => tx.execute('select 3'))
        await session.batch([])
      })
      expect(new Set(hosts()).size).toBe(1)
      seen.push(hosts()[0]!)
    }
    expect(seen).toEqual(seen[0] === 'a' ? ['a', 'b', 'a', 'b'] : ['b', 'a', 'b', 'a'])
  })

  it('opens a session only of the database that it asks', async () => {
    await using database = await open()
    await inSession(database, (session) => session.execute('select 1'))
    expect(opened).toEqual([hosts()[0]])
    expect(closed).toEqual(opened)
  })

  it('is of the database itself where there is no replica', async () => {
    await using alone = await open({ replicas: [] })
    await inSession(alone, (session) => session.execute('select 1'))
    expect(new Set(hosts())).toEqual(new Set(['main']))
  })

  it('is of the database itself where readOnly is not asked for', async () => {
    await using database = await open()
    await using session = database.session()
    await session.execute('select 2')
    await session.transaction((tx) => tx.execute('select 3'), { readOnly: true })
    expect(new Set(hosts())).toEqual(new Set(['main']))
  })

  it('asks another when a replica cannot be reached, at last the database', async () => {
    await using database = await open()
    gone = new Set(['a'])
    for (let i = 0; i < 2; i++) await inSession(database, (session) => session.execute('select 1'))
    expect(hosts().at(-1)).toBe('b')
    gone = new Set(['a', 'b'])
    asked = []
    await inSession(database, (session) => session.execute('select 1'))
    expect(hosts().at(-1)).toBe('main')
    expect(warnings.toSorted()).toEqual([
      'the replica shop.replicas.0 cannot be reached: others are asked in its place',
      'the replica shop.replicas.1 cannot be reached: others are asked in its place',
    ])
  })

  it('goes on with the database itself once it has had an answer: another replica may be behind', async () => {
    await using database = await open()
    await inSession(database, async (session) => {
      await session.execute('select 1')
      gone = new Set([hosts()[0]!])
      await session.execute('select 2')
    })
    expect(hosts().at(-1)).toBe('main')
  })

  it('leaves a replica that failed alone for a while, then a single session tries it', async () => {
    await using database = await open({ replicas: ['fake://a'] })
    const read = () => inSession(database, (session) => session.execute('select 1'))
    gone = new Set(['a'])
    await read()
    await read()
    expect(hosts()).toEqual(['a', 'main', 'main'])
    now += 5_000
    await Promise.all([read(), read()])
    expect(hosts().slice(3).toSorted()).toEqual(['a', 'main', 'main'])
    gone.clear()
    now += 5_000
    asked = []
    await read()
    await read()
    expect(hosts()).toEqual(['a', 'a'])
    expect(warnings).toHaveLength(1)
  })

  it('does not go elsewhere with what the database has refused', async () => {
    await using database = await open()
    await inSession(database, async (session) => {
      await expect(session.execute('42P01')).rejects.toMatchObject({ code: 'LEX_ERR_SQL_005' })
      await expect(session.execute('40001')).rejects.toMatchObject({ code: 'LEX_ERR_SQL_014' })
      await expect(session.execute('57014')).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    })
    expect(new Set(hosts()).size).toBe(1)
    expect(warnings).toEqual([])
  })

  it('begins a transaction elsewhere', async () => {
    await using database = await open({ replicas: ['fake://a'] })
    await inSession(database, async (session) => {
      gone = new Set(['a'])
      await session.transaction((tx) => tx.execute('select 1'))
      expect(asked).toEqual(['a begin, verified', 'main begin, verified', 'main select 1'])
    })
  })

  it('does not move a transaction that has begun', async () => {
    await using database = await open({ replicas: ['fake://a'] })
    await inSession(database, async (session) => {
      const lost = session.transaction(async (tx) => {
        await tx.execute('select 1')
        gone = new Set(['a'])
        await tx.execute('select 2')
      })
      await expect(lost).rejects.toMatchObject({
        code: 'LEX_ERR_SQL_001',
        details: { database: 'shop.replicas.0' },
      })
      await session.execute('select 3')
    })
    expect(asked).toEqual(['a begin, verified', 'a select 1', 'a select 2', 'main select 3'])
  })

  it('stays with the database itself after what a replica cannot do', async () => {
    await using database = await open()
    await inSession(database, async (session) => {
      await session.batch([sql`select 0`], { isolation: 'serializable' })
      await session.transaction((tx) => tx.execute('select 1'), { isolation: 'serializable' })
      await session.execute('select 2')
    })
    expect(new Set(hosts())).toEqual(new Set(['main']))
  })

  it('says which database failed without its URL', async () => {
    await using database = await open({ replicas: [] })
    gone = new Set(['main'])
    await inSession(database, (session) =>
      expect(session.execute('select 1')).rejects.toMatchObject({
        message: 'the database cannot be reached (shop)',
        details: { database: 'shop' },
      }),
    )
  })

  it('counts statements for each database', async () => {
    await using database = await open({ replicas: ['fake://a'] })
    await inSession(database, async (session) => {
      await session.execute('select 1')
      await session.execute('select 2')
      gone = new Set(['a'])
      await session.execute('select 3')
      const { statements, databases } = session.stats
      expect({ statements, databases }).toEqual({ statements: 3, databases: { 'shop.replicas.0': 2, shop: 1 } })
    })
  })

  it('refuses a transaction that is to write', async () => {
    await using database = await open()
    await inSession(database, async (session) => {
      const write = session.transaction((tx) => tx.execute('select 1'), { readOnly: false })
      await expect(write).rejects.toThrow('readOnly cannot be false: the session only reads')
      await expect(session.batch([], { readOnly: false })).rejects.toBeInstanceOf(UsageError)
    })
    expect(asked).toEqual([])
  })

  it('refuses an option that is neither true nor false', async () => {
    await using database = await open()
    expect(() => database.session({ readOnly: 'yes' as never })).toThrow("'readOnly' must be true or false")
    expect(asked).toEqual([])
  })
})

describe('a database with replicas', () => {
  it('closes the others when one of those that open at once fails', async () => {
    let open3: () => void = () => {}
    const allOpening = new Promise<void>((resolve) => (open3 = resolve))
    let opening = 0
    const driver = fake({
      async open(settings) {
        if (++opening === 3) open3()
        await allOpening
        const { hostname } = new URL(settings.url)
        if (hostname === 'b') throw new UsageError('the database URL must have a user, a host and a database')
        return fake().open(settings)
      },
    })
    const failed = open({ drivers: [driver] })
    await expect(failed).rejects.toThrow('the database URL must have a user, a host and a database (shop.replicas.1)')
    expect(closed.toSorted()).toEqual(['database a', 'database main'])
  })

  it('allows a connection to a replica less time to open, for there are others', async () => {
    const limits: unknown[] = []
    const driver = fake({
      open(settings) {
        limits.push([new URL(settings.url).hostname, settings.poolTimeoutMs, settings.connectTimeoutMs])
        return fake().open(settings)
      },
    })
    await using _database = await open({ drivers: [driver] })
    expect(limits).toEqual([
      ['main', 30_000, undefined],
      ['a', 30_000, 3_000],
      ['b', 30_000, 3_000],
    ])
  })

  it('refuses a replica that its driver does not take, without its URL', async () => {
    const refused = open({ replicas: ['postgresql://user:hunter2@host/db'] })
    await expect(refused).rejects.toThrow(/takes postgresql:.*\(shop\.replicas\.0\)$/)
    await expect(refused).rejects.not.toThrow(/hunter2/)
  })

  it('tells the health of each by name', async () => {
    await using database = await open()
    gone = new Set(['b'])
    expect(await database.health()).toEqual({
      shop: { status: 'healthy', latencyMs: 0 },
      'shop.replicas.0': { status: 'healthy', latencyMs: 0 },
      'shop.replicas.1': {
        status: 'unhealthy',
        latencyMs: 0,
        error: expect.objectContaining({ message: 'the database cannot be reached (shop.replicas.1)' }),
      },
    })
    await database[Symbol.asyncDispose]()
    expect(closed.filter((each) => each.startsWith('database')).toSorted()).toEqual([
      'database a',
      'database b',
      'database main',
    ])
  })
})
