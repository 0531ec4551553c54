import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { eventOf, sampleOf } from '../lambda/fixtures/events.ts'
import { faults, startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { responseOf } from '../support/lambda-result.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts'

const bin = findPostgres()
const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

describeWithServer('PostgreSQL', bin !== undefined, () => {
  describe.skipIf(tools === undefined)(`a pool in Lambda’s runtime client${name}`, () => {
    let code: string
    let cluster: PostgresCluster
    let observer: pg.Client
    let proxy: FaultProxy
    let api: RuntimeApi
    let running: FunctionProcess
    beforeAll(async () => {
      code = await bundleFunction(join(import.meta.dirname, 'postgres-function.ts'))
      cluster = await startPostgres(bin!)
      observer = new pg.Client(cluster.superuserUrl)
      await observer.connect()
      await observer.query('create table ledger (id int, n serial)')
      await observer.query('grant all on ledger, ledger_n_seq to lexigram')
    }, 60_000)
    afterAll(async () => {
      await observer?.end()
      await cluster?.stop()
    }, 60_000)
    beforeEach(async () => {
      await observer.query('truncate ledger restart identity')
      proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: cluster.port } })
      api = await serveRuntimeApi()
      const env = {
        DATABASE_URL: cluster.url.replace(`:${cluster.port}/`, `:${proxy.port}/`),
        CURSOR_SECRET: 'sixteen bytes or more',
      }
      running = startFunction(code, { tools: tools!, address: api.address, env })
    })
    afterEach(async () => {
      await running[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    })

    const others = "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
    const backends = async (): Promise<number[]> =>
      ((await observer.query(`select pid ${others}`)).rows as { pid: number }[]).map(({ pid }) => pid)
    const add = async (): Promise<readonly [number, unknown]> => {
      const outcome = await api.invoke(eventOf('http', await sampleOf('/add')))
      const response = responseOf(JSON.parse(outcome.body.toString()) as never)
      return [response.status, await response.json()]
    }
    const frozenDuring = async (fault: () => unknown): Promise<void> => {
      await api.idle()
      running.freeze()
      await fault()
      // For longer than a connection is taken to be alive without a sign of life.
      await new Promise((resolve) => setTimeout(resolve, 350))
      setTimeout(() => running.thaw(), 10)
    }

    it('outlives a freeze that did it no harm', async () => {
      expect(await add()).toEqual([200, { total: 1 }])
      const before = await backends()
      await frozenDuring(() => {})
      expect(await add()).toEqual([200, { total: 2 }])
      expect(await backends()).toEqual(before)
    })

    it.each([
      ['has ended its connection', () => observer.query(`select pg_terminate_backend(pid) ${others}`)],
      [
        'is silent, as after a failover',
        () => (proxy.choose = ({ connection }) => (connection === 0 ? faults.hang : faults.none)),
      ],
      ['has dropped it', () => proxy.dropConnections()],
    ])('opens another after a thaw when the server %s', async (_what, fault) => {
      expect(await add()).toEqual([200, { total: 1 }])
      await frozenDuring(fault)
      expect(await add()).toEqual([200, { total: 2 }])
    })

    it('is closed when Lambda ends the environment', async () => {
      await add()
      expect(await backends()).toHaveLength(1)
      running.terminate()
      await expect.poll(backends).toEqual([])
    })
  })
})
