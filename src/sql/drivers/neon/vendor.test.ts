import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { neonConfig, types } from '@neondatabase/serverless'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../../cli/neon-local/serve.ts'
import { openDatabase, type DatabaseOptions } from '../../database.ts'
import { neon, type NeonOptions } from './driver.ts'

let endpoint: NeonEndpoint
beforeAll(async () => {
  endpoint = await serveNeon({ maxRequestBytes: 5_000, maxResponseBytes: 5_000 })
}, 60_000)
afterAll(() => endpoint.close())

const open = (options: NeonOptions = {}, more: Partial<DatabaseOptions> = {}) =>
  openDatabase({ url: endpoint.url, ...more, drivers: [neon(options)] })

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('expected a rejection'),
    (error: Error & { code?: string; hint?: string }) => error,
  )

/** Never answers, and gives up when it is told to. */
const silent = ((_input: unknown, init?: RequestInit) =>
  new Promise((_resolve, reject) => {
    // What fetch rejects with is the reason, whatever it is.
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
  })) as typeof fetch

describe('the package of the vendor', () => {
  it('keeps its process-wide settings, also while a call is on its way', async () => {
    const settings = () => [
      neonConfig.fetchFunction,
      neonConfig.fetchEndpoint,
      neonConfig.wsProxy,
      neonConfig.useSecureWebSocket,
    ]
    const before = settings()
    const database = await open()
    await using session = database.session()
    const call = session.execute(sql`select 1`)
    const batch = session.batch([sql`select 1`, sql`select 2`])
    const transaction = session.transaction((tx) => tx.execute(sql`select 1`))
    expect(settings()).toEqual(before)
    await Promise.all([call, batch, transaction])
    expect(settings()).toEqual(before)
  })

  it('keeps its process-wide type parsers', async () => {
    const database = await open()
    await using session = database.session()
    const [row] = await session.execute(sql`select '2026-01-02 03:04:05'::timestamp as at`)
    expect(row).toEqual({ at: '2026-01-02 03:04:05' })
    expect(types.getTypeParser(1114)('2026-01-02 03:04:05')).toBeInstanceOf(Date)
  })
})

describe('what the neon driver does when things go wrong', () => {
  it('aborts a call when the signal of its session fires', async () => {
    const database = await open({ fetch: silent })
    const stop = new AbortController()
    await using session = database.session({ signal: stop.signal })
    const calls = [session.execute(sql`select 1`), session.batch([sql`select 1`, sql`select 2`])].map(failure)
    setTimeout(() => stop.abort(), 5)
    for (const error of await Promise.all(calls))
      expect(error).toMatchObject({ code: 'LEX_ERR_INFRA_002', status: 504 })
  })

  it('cuts the socket of a transaction whose statement does not end when the signal fires', async () => {
    const database = await open()
    const stop = new AbortController()
    await using session = database.session({ signal: stop.signal })
    await using other = database.session()
    // The embedded database has one connection, so while this transaction is open the other's statement waits.
    const holder = other.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      const waiting = failure(session.transaction((stuck) => stuck.execute(sql`select 2`)))
      await expect.poll(() => endpoint.stats.openSockets).toBe(2)
      stop.abort()
      expect(await waiting).toMatchObject({ code: 'LEX_ERR_INFRA_002' })
      await expect.poll(() => endpoint.stats.openSockets).toBe(1)
    })
    await holder
  })

  it('rolls back a transaction whose signal has fired', async () => {
    const database = await open()
    const stop = new AbortController()
    await using session = database.session({ signal: stop.signal })
    await session.execute(sql`create table if not exists aborted (n int)`)
    const transaction = session.transaction(async (tx) => {
      await tx.execute(sql`insert into aborted values (1)`)
      stop.abort()
      await tx.execute(sql`insert into aborted values (2)`)
    })
    expect(await failure(transaction)).toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    await using after = database.session()
    expect([...(await after.execute(sql`select * from aborted`))]).toEqual([])
  })

  it('says that the database is away, without its password', async () => {
    const database = await open({}, { url: 'postgresql://user:hunter2@localhost:1/db' })
    await using session = database.session()
    const errors = [
      failure(session.execute(sql`select 1`)),
      failure(session.transaction((tx) => tx.execute(sql`select 1`))),
    ]
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ code: 'LEX_ERR_SQL_001', status: 503 })
      expect(`${error.message} ${error.hint}`).not.toContain('hunter2')
    }
  })

  it('takes another socket for the next transaction after the first was cut', async () => {
    const own = await serveNeon()
    const database = await open({}, { url: own.url })
    await using session = database.session()
    await session.transaction((tx) => tx.execute(sql`select 1`))
    await own.close()
    expect(await failure(session.transaction((tx) => tx.execute(sql`select 1`)))).toMatchObject({
      code: 'LEX_ERR_SQL_001',
    })
    const again = await serveNeon({ port: own.port })
    const [row] = await session.transaction((tx) => tx.execute(sql`select 1 as one`))
    expect(row).toEqual({ one: 1 })
    await again.close()
  }, 60_000)

  it.each([
    ['a request', sql`select length(${'x'.repeat(6_000)})`],
    ['a response', sql`select repeat('x', 6000)`],
  ])('explains %s that is too large', async (what, query) => {
    const database = await open()
    await using session = database.session()
    expect(await failure(session.execute(query))).toMatchObject({
      code: 'LEX_ERR_SQL_005',
      message: expect.stringContaining(what),
      hint: expect.stringContaining('10 MiB'),
    })
  })

  it('recognises the answer of a proxy that is not a database', async () => {
    const bad = (() => Promise.resolve(new Response('<html>', { status: 502 }))) as typeof fetch
    const database = await open({ fetch: bad })
    await using session = database.session()
    expect(await failure(session.execute(sql`select 1`))).toMatchObject({
      code: 'LEX_ERR_SQL_001',
      message: expect.stringContaining('502'),
    })
  })

  it.each(['postgresql://hunter2', 'postgresql://user:hunter2@/db', 'postgresql://user:hunter2@host'])(
    'refuses a URL that is not complete, without repeating it',
    async (url) => {
      const error = await failure(open({}, { url }))
      expect(error).toMatchObject({ code: 'LEX_ERR_USE_001' })
      expect(`${error.message} ${error.hint}`).not.toContain('hunter2')
    },
  )

  it('has at most poolSize requests on their way', async () => {
    let [running, most] = [0, 0]
    const counting: typeof fetch = async (input, init) => {
      most = Math.max(most, ++running)
      try {
        return await fetch(input, init)
      } finally {
        running--
      }
    }
    const database = await open({ fetch: counting }, { poolSize: 2 })
    await using session = database.session()
    await Promise.all(Array.from({ length: 6 }, () => session.execute(sql`select 1`)))
    expect(most).toBe(2)
  })

  it('refuses a request that has waited for poolTimeout', async () => {
    const stuck = await open({ fetch: silent }, { poolSize: 1, poolTimeoutMs: 20 })
    const stop = new AbortController()
    await using other = stuck.session({ signal: stop.signal })
    const first = failure(other.execute(sql`select 1`))
    expect(await failure(other.execute(sql`select 2`))).toMatchObject({ code: 'LEX_ERR_SQL_004', status: 503 })
    stop.abort()
    await first
  })

  it('opens no socket for a transaction that still waited when its session ended', async () => {
    const database = await open({}, { poolSize: 1 })
    const session = database.session()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const holding = session.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      begin()
      await ended
    })
    await begun
    const opened = endpoint.stats.sockets
    const outcomes = Promise.all([failure(holding), failure(session.transaction((tx) => tx.execute(sql`select 2`)))])
    await session[Symbol.asyncDispose]()
    end()
    expect((await outcomes)[1]).toMatchObject({ code: 'LEX_ERR_USE_001' })
    await expect.poll(() => endpoint.stats.openSockets).toBe(0)
    expect(endpoint.stats.sockets).toBe(opened)
  })

  it('waits for a connection no longer than poolTimeout or its end', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200).write('{"rows":[')
      setTimeout(() => response.destroy(), 5)
    })
    server.on('upgrade', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const database = await open({}, { url: `postgresql://u:p@127.0.0.1:${port}/d`, poolTimeoutMs: 30 })
    await using session = database.session()
    const unavailable = { code: 'LEX_ERR_SQL_001', message: 'the database cannot be reached' }
    expect(await failure(session.transaction((tx) => tx.execute(sql`select 1`)))).toMatchObject(unavailable)
    expect(await failure(session.execute(sql`select 1`))).toMatchObject(unavailable)
    server.closeAllConnections()
    server.close()
  })
})
