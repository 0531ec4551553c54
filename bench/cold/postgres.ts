import { Client } from 'pg'
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import { reportCold } from './report-cold.ts'
import { inFreshIsolates } from './isolates.ts'

const rounds = process.argv.includes('--quick') ? 7 : 31
const bin = findPostgres()
if (bin === undefined) console.log('\nsql-cold: PostgreSQL is not installed')
else {
  const cluster = await startPostgres(bin)
  const client = new Client(cluster.ownerUrl)
  await client.connect()
  await client.query(
    "create table products (id text primary key, name text); insert into products values ('42', 'lamp')",
  )
  await client.query('grant select on products to public')
  await client.end()
  // What a binding of Hyperdrive has.
  const env = { HYPERDRIVE: { connectionString: cluster.url }, CURSOR_SECRET: 'for a bench that reads no page' }
  const isolates = {
    'Hono, drizzle and pg by hand': 'hono-postgres',
    'lexigram-edge + Hono, drizzle': 'lexigram-postgres',
  }
  const times = await inFreshIsolates(isolates, rounds, env)
  reportCold('workers-postgres', 'first request to a fresh isolate', times)
  await cluster.stop()
}
