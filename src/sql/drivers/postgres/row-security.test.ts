import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { openDatabase } from '../../database.ts'
import { postgres } from './driver.ts'

const bin = findPostgres()

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    const admin = new pg.Client(cluster.superuserUrl)
    await admin.connect()
    const user = new URL(cluster.url).username
    await admin.query(
      `create role auditor bypassrls; grant auditor to "${user}"; create role reader; grant reader to "${user}"`,
    )
    await admin.end()
  }, 60_000)
  afterAll(() => cluster.stop(), 60_000)

  it('warns once, by name, of a setting role that policies do not concern', async () => {
    const warnings: string[] = []
    const onWarning = (warning: Error) => void warnings.push(warning.message)
    await using database = await openDatabase({ drivers: [postgres()], url: cluster.url, onWarning })
    await using session = database.session()
    const tenant = session.withSettings({ 'app.tenant_id': 'acme' })
    await tenant.execute('select 1')
    await tenant.withSettings({ role: 'reader' }).transaction((tx) => tx.execute('select 1'))
    expect(warnings).toEqual([])
    const auditor = tenant.withSettings({ role: 'auditor' })
    await auditor.transaction((tx) => tx.execute('select 1'))
    await auditor.execute('select 1')
    expect(warnings).toEqual(['row security cannot confine the role "auditor": it has BYPASSRLS'])
  })
})
