import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { openDatabase } from '../../database.ts'
import { postgres, type PostgresOptions } from './driver.ts'

const bin = findPostgres()

/** Parts of the vendor's that its types leave out. */
const login = pg.Connection.prototype as unknown as Record<
  'sendSASLInitialResponseMessage' | 'sendSCRAMClientFinalMessage',
  (...given: string[]) => void
>

/** Run by the server, which owns its folder: the key has to be its own. */
const certify = `openssl req -new -x509 -days 2 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost
 -keyout server.key -out server.crt && chmod 600 server.key`.replaceAll('\n', '')

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let ca: string
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    const admin = new pg.Client(cluster.superuserUrl)
    await admin.connect()
    await admin.query(`copy (select 1) to program '${certify}'`)
    await admin.query('alter system set ssl = on')
    await admin.query('select pg_reload_conf()')
    ca = ((await admin.query("select pg_read_file('server.crt') as pem")).rows[0] as { pem: string }).pem
    await admin.end()
  }, 60_000)
  afterAll(() => cluster.stop(), 60_000)
  afterEach(() => vi.restoreAllMocks())

  const isEncrypted = async (options: PostgresOptions, query = ''): Promise<unknown> => {
    await using database = await openDatabase({ drivers: [postgres(options)], url: cluster.url + query })
    await using session = database.session()
    const rows = await session.execute('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
    return rows[0]?.['ssl']
  }

  it('encrypts with a certificate that fits', async () => {
    expect(await isEncrypted({ tls: { ca, servername: 'localhost' } })).toBe(true)
  })

  it.each([
    ['sslmode=require', {}, '?sslmode=require'],
    ['tls: true', { tls: true }, ''],
  ])('%s refuses a certificate without a known authority, before anything is sent', async (_what, options, query) => {
    await expect(isEncrypted(options, query)).rejects.toMatchObject({ code: 'LEX_ERR_SQL_001' })
  })

  it('refuses a certificate of another host', async () => {
    await expect(isEncrypted({ tls: { ca, servername: 'other.test' } })).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_001',
    })
  })

  it('encrypts without a check only where that was said', async () => {
    expect(await isEncrypted({}, '?sslmode=no-verify')).toBe(true)
  })

  it('does not encrypt where that was said', async () => {
    expect(await isEncrypted({}, '?sslmode=disable')).toBe(false)
  })

  it('cancels over an encrypted connection, too', async () => {
    const tls = { ca, servername: 'localhost' }
    await using database = await openDatabase({
      drivers: [postgres({ tls })],
      url: cluster.url,
      statementTimeoutMs: 200,
    })
    await using session = database.session()
    // Known not to have happened, which only an answer to the request can say.
    await expect(session.execute('create table t as select pg_sleep(20)::text')).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_002',
    })
  })

  it('binds the login to the certificate where that is required', async () => {
    const begun = vi.spyOn(login, 'sendSASLInitialResponseMessage')
    expect(await isEncrypted({ tls: { ca, servername: 'localhost' } }, '?channel_binding=require')).toBe(true)
    expect(begun).toHaveBeenCalledWith('SCRAM-SHA-256-PLUS', expect.stringMatching(/^p=tls-server-end-point/))
  })

  it.each(['?channel_binding=require', '?channel_binding=require&sslmode=disable'])(
    'refuses %s before the password is sent where nothing binds',
    async (query) => {
      const proven = vi.spyOn(login, 'sendSCRAMClientFinalMessage')
      await expect(isEncrypted({}, query)).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        message: expect.stringContaining('channel_binding=require') as string,
      })
      expect(proven).not.toHaveBeenCalled()
    },
  )

  it('goes on without where binding is preferred', async () => {
    expect(await isEncrypted({}, '?channel_binding=prefer')).toBe(false)
  })
})
