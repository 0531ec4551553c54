import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonLane } from '../../../test/support/neon-backends.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../test/support/postgres.ts'
import { openDatabase } from '../../sql/database.ts'
import { postgres } from '../../sql/drivers/postgres/driver.ts'
import { runLine } from '../command.ts'

const start = 60_000
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-migrate-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Migrations in a folder as drizzle-kit writes it; keys with `.down` are files of one's own. */
function drizzleFolder(files: Readonly<Record<string, string>>): string {
  const tags = Object.keys(files).filter((tag) => !tag.endsWith('.down'))
  const entries = tags.map((tag, idx) => ({ idx, version: '7', when: 1000 + idx, tag, breakpoints: true }))
  const path = mkdtempSync(join(folder, 'drizzle-'))
  mkdirSync(join(path, 'meta'), { recursive: true })
  writeFileSync(join(path, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }))
  for (const [tag, text] of Object.entries(files)) writeFileSync(join(path, `${tag}.sql`), text)
  return path
}

function commandFor(where: string | Readonly<Record<string, string>>, stop?: AbortController) {
  const env = typeof where === 'string' ? { DATABASE_URL: where } : where
  return async (...args: string[]) => {
    const printed: string[] = []
    const complaints: string[] = []
    const context = {
      signal: stop?.signal ?? AbortSignal.any([]),
      print(line: string) {
        printed.push(line.replace(/\d+ ms/, 'N ms'))
        if (stop !== undefined && line.startsWith('applying')) setTimeout(() => stop.abort(), 500)
      },
      complain: (line: string) => complaints.push(line),
    }
    const code = await runLine(['migrate', ...args], { ...context, env })
    return { code, printed, complaints, json: () => JSON.parse(printed.join('\n')) as Record<string, unknown> }
  }
}

const files = {
  '0000_products': 'create table products (id int);',
  '0001_index': '-- lexigram: no-transaction\ncreate unique index concurrently by_id on products (id);',
  '0001_index.down': 'drop index by_id',
  '0002_names': 'alter table products add name text;',
}

describe('lexigram-edge migrate over PGlite', () => {
  it(
    'applies, tries, shows and undoes',
    async () => {
      const run = commandFor(`pglite:${join(folder, 'data')}`)
      const from = ['--folder', drizzleFolder(files)]
      expect(await run('status', '--check', ...from)).toMatchObject({
        code: 3,
        printed: ['pending     0000_products', 'pending     0001_index', 'pending     0002_names', 'to apply: 3'],
      })
      expect(await run('dry-run', ...from)).toMatchObject({
        code: 0,
        printed: [
          'tried 0000_products, and undone',
          'not tried: 0001_index, 0002_names; 0001_index runs outside a transaction',
          'tried: 1',
        ],
      })
      expect(await run('baseline', '0000_products', ...from)).toMatchObject({
        code: 0,
        printed: ['marked 0000_products', 'marked: 1'],
      })
      const failed = await run('up', '--json', ...from)
      expect(failed.code).toBe(1)
      expect(failed.json()).toMatchObject({
        applied: [],
        error: {
          code: 'LEX_ERR_SQL_032',
          message: expect.stringMatching(/^0001_index, statement 1 at line 1 .*create index by_id/),
          details: { statementsDone: 0, sqlState: '42P01' },
        },
      })
    },
    start,
  )

  it(
    'prints the progress of a module',
    async () => {
      const run = commandFor(`pglite:${join(folder, 'data')}?role=lexigram_owner`)
      const path = join(folder, 'migrations.mjs')
      writeFileSync(
        path,
        `export const migrations = [{ name: '0001', sql: 'create table t (id int)', down: 'drop table t' }]`,
      )
      expect(await run('up', '--module', path)).toEqual({
        code: 0,
        printed: ['applying 0001', 'applied 0001 in N ms', 'applied: 1'],
        complaints: [],
        json: expect.any(Function),
      })
      expect((await run('status', '--json', '--module', path)).json()).toEqual({
        migrations: [{ name: '0001', state: 'applied', appliedAt: expect.any(String) }],
      })
      expect((await run('down', '--json', '--module', path)).json()).toEqual({ undone: '0001' })
      expect((await run('down', '--module', path)).printed).toEqual(['there is nothing to undo'])
    },
    start,
  )
})

describe('lexigram-edge migrate of a named database', () => {
  const at = (name: string) => `pglite:${join(folder, name)}?role=lexigram_owner`
  const env = () => ({
    DATABASE_URL: at('shop'),
    LEX_DATABASE__BACKENDS__0__NAME: 'shop',
    LEX_DATABASE__BACKENDS__1__NAME: 'visits',
    LEX_DATABASE__BACKENDS__1__URL: at('visits'),
  })

  it(
    'has a separate history, in every task',
    async () => {
      const run = commandFor(env())
      const path = join(folder, 'migrations.mjs')
      const list = ['0001', '0002'].map(
        (name) => `{ name: '${name}', sql: 'create table t${name} ()', down: 'drop table t${name}' }`,
      )
      writeFileSync(path, `export const migrations = [${list.join()}]`)
      const of = (name: string) => ['--database', name, '--module', path]
      expect((await run('dry-run', ...of('visits'))).printed.at(-1)).toBe('tried: 2')
      expect((await run('baseline', '0001', ...of('visits'))).printed.at(-1)).toBe('marked: 1')
      expect((await run('up', ...of('visits'))).printed.at(-1)).toBe('applied: 1')
      expect((await run('up', ...of('shop'))).printed.at(-1)).toBe('applied: 2')
      expect((await run('down', ...of('visits'))).printed).toEqual(['undone 0002'])
      expect((await run('status', ...of('visits'))).printed.at(-1)).toBe('to apply: 1')
      expect((await run('status', ...of('shop'))).printed.at(-1)).toBe('the database is up to date')
      expect((await commandFor(at('shop'))('status', '--module', path)).printed.at(-1)).toBe(
        'the database is up to date',
      )
    },
    start,
  )

  it('is refused where its name or the section is not configured', async () => {
    const run = commandFor(env())
    expect(await run('status', '--database', 'orders')).toMatchObject({
      code: 2,
      complaints: [expect.stringMatching(/--database must be one of shop, visits/)],
    })
    const broken = { ...env(), LEX_DATABASE__BACKENDS__1__URL: 'hunter2' }
    const { code, complaints } = await commandFor(broken)('status', '--database', 'visits')
    expect({ code, said: complaints.join() }).toEqual({
      code: 2,
      said: expect.stringMatching(/LEX_DATABASE__BACKENDS__1__URL/),
    })
    expect(complaints.join()).not.toContain('hunter2')
  })
})

describe('lexigram-edge migrate over Neon', () => {
  const lane = neonLane('PGlite')
  afterAll(() => lane.stop(), start)

  it(
    'applies with the driver neon, as the exit code says',
    async () => {
      const { ownerUrl } = await lane.start()
      const args = ['--driver', 'neon', '--folder', drizzleFolder(files)]
      expect(await commandFor(ownerUrl)('up', ...args)).toMatchObject({ code: 0 })
      const main = fileURLToPath(new URL('../main.ts', import.meta.url))
      const env = { ...process.env, DATABASE_URL: ownerUrl }
      const command = (...task: string[]) =>
        promisify(execFile)(process.execPath, [main, 'migrate', ...task, ...args], { env })
      expect((await command('status', '--check')).stdout).toMatch(
        /applied .* 0002_names .*\nthe database is up to date\n$/,
      )
      await expect(command('down')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('0002_names cannot be'),
      })
      await expect(command('sideways')).rejects.toMatchObject({ code: 2, stdout: '' })
    },
    start,
  )
})

const bin = findPostgres()
describe.skipIf(bin === undefined)('lexigram-edge migrate over PostgreSQL', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startPostgres(bin ?? '')
  }, start)
  afterAll(() => cluster?.stop(), start)

  it(
    'resumes where it stopped half-way outside a transaction',
    async () => {
      const run = commandFor(cluster.ownerUrl)
      const from = ['--folder', drizzleFolder(files)]
      expect(await run('up', '--resume', '0001_index', ...from)).toMatchObject({ code: 2 })
      const { '0000_products': first, ...rest } = files
      await run('up', '--folder', drizzleFolder({ '0000_products': `${first} insert into products values (1), (1)` }))
      await expect(run('up', '--folder', drizzleFolder({ '0000_products': first }))).resolves.toMatchObject({
        code: 1,
        complaints: [expect.stringContaining('0000_products cannot be changed after it was applied')],
      })
      const all = [
        '--folder',
        drizzleFolder({ '0000_products': `${first} insert into products values (1), (1)`, ...rest }),
      ]
      expect(await run('up', ...all)).toMatchObject({
        code: 1,
        printed: ['applying 0001_index'],
        complaints: [
          expect.stringMatching(/0001_index, statement 1 .*what ran before it stays \(statements done: 0\)/),
        ],
      })
      expect(await run('up', ...all)).toMatchObject({
        code: 1,
        complaints: [expect.stringContaining('0001_index must be finished first')],
      })
      await using database = await openDatabase({ drivers: [postgres()], url: cluster.ownerUrl })
      await using session = database.session()
      await session.batch([sql`delete from products`, sql`drop index by_id`])
      expect(await run('up', '--resume', '0001_index', '--json', ...all)).toMatchObject({ code: 0 })
      expect((await run('status', ...all)).printed.at(-1)).toBe('the database is up to date')
      expect(await run('down', ...all)).toMatchObject({
        code: 1,
        complaints: [expect.stringContaining('0002_names cannot be undone: it has no down')],
      })
    },
    start,
  )

  it(
    'never prints the password',
    async () => {
      const from = ['--folder', drizzleFolder(files)]
      const wrong = new URL(cluster.url)
      wrong.password = 'hunter2'
      const urls = [wrong.href, 'postgresql://u:hunter2@127.0.0.1:1/app', 'postgresql://u:hunter2@[', 'hunter2']
      for (const url of urls) {
        for (const json of [[], ['--json']]) {
          const { code, printed, complaints } = await commandFor(url)('status', ...json, ...from)
          expect(code).toBeGreaterThan(0)
          expect([...printed, ...complaints].join('\n')).not.toContain('hunter2')
          expect([...printed, ...complaints].join('\n')).toMatch(/database/)
        }
      }
    },
    start,
  )

  it(
    'ends when the user stops it',
    async () => {
      const stop = new AbortController()
      const slow = drizzleFolder({ '0000_slow': 'select pg_sleep(30)' })
      const running = commandFor(cluster.ownerUrl, stop)('up', '--table', 'slow', '--folder', slow)
      const before = Date.now()
      expect(await running).toMatchObject({ code: 1, complaints: [expect.stringMatching(/^0000_slow/)] })
      expect(Date.now() - before).toBeLessThan(10_000)
    },
    start,
  )
})

describe('lexigram-edge migrate refuses', () => {
  it.each([
    [['sideways'], /task of migrate must be one of status, up, down, baseline, dry-run/],
    [['postgresql://u:hunter2@h/d'], /task of migrate must be one of/],
    [['up', 'postgresql://u:hunter2@h/d'], /up cannot take so many arguments/],
    [['up', '--ulr=postgresql://u:hunter2@h/d'], /the option --ulr must be one that migrate up knows/],
    [['up', '--url'], /the option --url must be/],
    [['up', '--json=hunter2'], /the option --json must be/],
    [['baseline'], /no migration was named/],
    [['status', '--resume', 'x'], /--resume must be one that migrate status knows/],
    [['up', '--check'], /--check must be one that migrate up knows/],
    [
      ['up', '--database', 'a', '--url', 'pglite:b'],
      /--database cannot be used with --url|--url cannot be used with --database/,
    ],
    [['up', '--database', 'a'], /--database must be one of default/],
    [['up', '--folder', 'a', '--module', 'b'], /--folder cannot be used with --module/],
    [['up', '--timeout', '0'], /--timeout must be/],
    [['up', '--folder', '/no/such/folder'], /_journal\.json cannot be read \(ENOENT\)/],
    [['up', '--module', '/no/such/module.mjs'], /cannot be loaded/],
  ])('%j', async (args, message) => {
    const { code, printed, complaints } = await commandFor('pglite:memory')(...args)
    const said = [...printed, ...complaints].join('\n')
    expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(message) })
    expect(said).not.toContain('hunter2')
  })

  it('a line without a database', async () => {
    expect(await commandFor('')('up')).toMatchObject({ code: 2, complaints: [expect.stringMatching(/DATABASE_URL/)] })
  })

  it('a driver that does not exist', async () => {
    const from = ['--folder', drizzleFolder(files), '--driver', 'mysql']
    expect(await commandFor('pglite:memory')('up', ...from)).toMatchObject({
      code: 2,
      complaints: [expect.stringMatching(/--driver must be one of postgres, neon, pglite/)],
    })
  })
})
