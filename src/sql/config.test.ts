import { describe, expect, it } from 'vitest'
import { loadSection } from '../config/load-section.ts'
import { reveal } from '../core/setting/secret.ts'
import { DatabaseConfig } from './config.ts'
import type { DatabaseDriver, DriverSettings } from './contract/driver.ts'
import { openDatabase } from './database.ts'
import { chooseDatabases } from './provider/chosen-database.ts'

const load = async (env: object) => {
  const loaded = await loadSection(DatabaseConfig, env)
  if ('issues' in loaded) return loaded.issues.map(({ variable, message }) => `${variable} ${message}`)
  return loaded.value
}

const driver = (name: string, protocol: string): DatabaseDriver => ({
  name,
  io: 'none',
  interactiveTransactions: true,
  accepts: (url) => url.protocol === protocol,
  open: () => expect.unreachable('nothing is opened here'),
})
const drivers = [driver('first', 'postgresql:'), driver('second', 'postgresql:'), driver('local', 'pglite:')]
const choose = async (env: object) => {
  const config = await load(env)
  if (Array.isArray(config)) expect.unreachable(config.join('\n'))
  return chooseDatabases(drivers, config).map(({ driver: { name: chosen }, ...rest }) => ({
    ...rest,
    driver: chosen,
  }))
}

const url = (host: string) => `postgresql://user:hunter2@${host}/shop`
const expected = 'expected a URL such as postgresql://user:password@host/database'

describe('the section database', () => {
  it('is one database, called default', async () => {
    expect(await choose({ DATABASE_URL: url('a') })).toEqual([
      {
        name: 'default',
        driver: 'first',
        driverName: undefined,
        url: url('a'),
        replicas: [],
        poolSize: 20,
        poolTimeout: 30_000,
        statementTimeout: 30_000,
        maxAnswerBytes: 67_108_864,
      },
    ])
  })

  it('has the limits of a database that is opened by hand', async () => {
    const opened: DriverSettings[] = []
    const local: DatabaseDriver = {
      ...driver('local', 'pglite:'),
      open: (settings) => {
        opened.push(settings)
        return Promise.reject(new Error('not here'))
      },
    }
    await expect(openDatabase({ drivers: [local], url: 'pglite:memory' })).rejects.toThrow()
    const [{ poolSize, poolTimeout, maxAnswerBytes } = {}] = await choose({ DATABASE_URL: url('a') })
    expect(opened).toMatchObject([{ poolSize, poolTimeoutMs: poolTimeout, maxAnswerBytes }])
  })

  it('has replicas as a list of URLs, as indexed variables or bindings', async () => {
    const hosts = ['b', 'c'].map(url)
    const listed = { LEX_DATABASE__URL: url('a'), LEX_DATABASE__REPLICAS: hosts.join(',') }
    const indexed = {
      LEX_DATABASE__URL: { connectionString: url('a') },
      LEX_DATABASE__REPLICAS__0: { connectionString: url('b') },
      LEX_DATABASE__REPLICAS__1: url('c'),
    }
    for (const env of [listed, indexed]) expect(await choose(env)).toMatchObject([{ url: url('a'), replicas: hosts }])
    const config = await load(listed)
    expect(JSON.stringify(config)).not.toContain('hunter2')
    expect(String((config as DatabaseConfig).replicas?.[0])).toBe('[secret]')
    expect((config as DatabaseConfig).replicas?.map(reveal)).toEqual(hosts)
  })

  it('has named databases, the primary first, each with what the section says where it says nothing itself', async () => {
    const chosen = await choose({
      LEX_DATABASE__POOL_SIZE: '4',
      LEX_DATABASE__BACKENDS__0__NAME: 'analytics',
      LEX_DATABASE__BACKENDS__0__URL: url('b'),
      LEX_DATABASE__BACKENDS__0__DRIVER: 'second',
      LEX_DATABASE__BACKENDS__0__STATEMENT_TIMEOUT: '5m',
      LEX_DATABASE__BACKENDS__0__REPLICAS__0: url('c'),
      LEX_DATABASE__BACKENDS__1__NAME: 'main',
      LEX_DATABASE__BACKENDS__1__URL: 'pglite:memory',
      LEX_DATABASE__BACKENDS__1__PRIMARY: 'true',
      LEX_DATABASE__BACKENDS__1__POOL_SIZE: '9',
      LEX_DATABASE__MAX_ANSWER_BYTES: '1000',
      LEX_DATABASE__BACKENDS__0__MAX_ANSWER_BYTES: '2000',
    })
    expect(chosen).toMatchObject([
      { name: 'main', driver: 'local', url: 'pglite:memory', replicas: [], poolSize: 9, maxAnswerBytes: 1_000 },
      {
        name: 'analytics',
        driver: 'second',
        url: url('b'),
        replicas: [url('c')],
        poolSize: 4,
        statementTimeout: 300_000,
        maxAnswerBytes: 2_000,
      },
    ])
  })

  it('lets the primary be where the platform says', async () => {
    const chosen = await choose({
      DATABASE_URL: url('a'),
      LEX_DATABASE__REPLICAS__0: url('r'),
      LEX_DATABASE__BACKENDS__0__NAME: 'main',
      LEX_DATABASE__BACKENDS__1__NAME: 'analytics',
      LEX_DATABASE__BACKENDS__1__URL: url('b'),
    })
    expect(chosen).toMatchObject([
      { name: 'main', url: url('a'), replicas: [url('r')] },
      { name: 'analytics', url: url('b'), replicas: [] },
    ])
  })

  it.each([
    ['nothing', {}, [`LEX_DATABASE__URL is not set; ${expected}`]],
    [
      'a second database without a URL',
      {
        DATABASE_URL: url('a'),
        LEX_DATABASE__BACKENDS__0__NAME: 'main',
        LEX_DATABASE__BACKENDS__1__NAME: 'analytics',
      },
      [`LEX_DATABASE__BACKENDS__1__URL is not set; ${expected}`],
    ],
    [
      'two of one name, and two primaries',
      {
        LEX_DATABASE__BACKENDS:
          '[{"name":"a","url":"pglite:a","primary":true},{"name":"a","url":"pglite:b","primary":true}]',
      },
      [
        'LEX_DATABASE__BACKENDS at 1.name: must differ from the others',
        'LEX_DATABASE__BACKENDS at 1.primary: must not be set: another one is',
      ],
    ],
    [
      'replicas that nothing reads',
      {
        LEX_DATABASE__REPLICAS__0: url('r'),
        LEX_DATABASE__BACKENDS__0__NAME: 'main',
        LEX_DATABASE__BACKENDS__0__URL: url('a'),
      },
      ['LEX_DATABASE__REPLICAS must not be set: the primary of the backends has its own'],
    ],
    [
      'a replica that is no URL',
      { DATABASE_URL: url('a'), LEX_DATABASE__REPLICAS__0: 'hunter2' },
      [`LEX_DATABASE__REPLICAS__0 ${expected}`],
    ],
    [
      'a misspelt key',
      { DATABASE_URL: url('a'), LEX_DATABASE__BACKENDS__0__NAME: 'main', LEX_DATABASE__BACKENDS__0__REPLICA__0: 'x' },
      [expect.stringContaining('did you mean LEX_DATABASE__BACKENDS__0__REPLICAS?')],
    ],
  ])('refuses %s', async (_what, env, issues) => {
    expect(await load(env)).toEqual(issues)
  })
})
