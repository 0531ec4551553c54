import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonBackends, neonLane } from '../../../test/support/neon-backends.ts'
import { connectClient, useEndpoint } from '../../../test/support/neon-vendor.ts'
import { serveNeon, type NeonEndpoint } from './serve.ts'

let endpoint: NeonEndpoint

const as = (user: string, password: string) => {
  const url = new URL(endpoint.url)
  url.username = user
  url.password = password
  return url.href
}

async function ask(url: string, query: string): Promise<{ readonly status: number; readonly answer: unknown }> {
  const body = JSON.stringify({ query })
  const response = await fetch(endpoint.endpoint, { method: 'POST', body, headers: { 'neon-connection-string': url } })
  return { status: response.status, answer: await response.json() }
}

const refusal = (user: string) => ({
  status: 400,
  answer: expect.objectContaining({
    code: '28P01',
    severity: 'FATAL',
    message: `password authentication failed for user "${user}"`,
  }),
})

describe.each(neonBackends)('roles and passwords of the local endpoint over %s', (backend) => {
  const lane = neonLane(backend)
  beforeAll(async () => {
    if (lane.missing !== undefined) return
    endpoint = await lane.start({ protocolPort: 0 })
    useEndpoint(endpoint)
    await ask(endpoint.ownerUrl, 'create table if not exists passwords (id int)')
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  it('lets the user of the printed URL in', async () => {
    expect(await ask(endpoint.url, 'select current_user::text as name')).toMatchObject({
      answer: { rows: [{ name: 'lexigram' }] },
    })
  })

  it('lets the owner in as itself', async () => {
    expect(await ask(endpoint.ownerUrl, 'select current_user::text as name')).toMatchObject({
      answer: { rows: [{ name: 'lexigram_owner' }] },
    })
  })

  it('refuses another password over HTTP', async () => {
    expect(await ask(as('lexigram', 'wrong'), 'select 1')).toEqual(refusal('lexigram'))
  })

  it('refuses a role that does not exist', async () => {
    expect(await ask(as('nobody_here', 'lexigram'), 'select 1')).toEqual(refusal('nobody_here'))
  })

  it('refuses another password over a WebSocket', async () => {
    // The vendor's client sends the first query with the password, and does not wait.
    const client = await connectClient({ ...endpoint, url: as('lexigram', 'wrong') })
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  it('refuses another password over PostgreSQL’s own protocol', async () => {
    const url = new URL(endpoint.protocolUrl ?? '')
    url.password = 'wrong'
    const client = new Client({ connectionString: url.href })
    client.on('error', () => undefined)
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' })
  })
})

describe('a role of an application in the embedded database', () => {
  it('logs in with its newest password alone', async () => {
    const db = await PGlite.create()
    const own = await serveNeon({ backend: db })
    endpoint = own
    await db.exec(`create role tenant login password 'first'; create role silent nologin password 'first'`)
    const whoami = 'select current_user::text as name'
    expect(await ask(as('tenant', 'first'), whoami)).toMatchObject({ answer: { rows: [{ name: 'tenant' }] } })
    await db.exec(`alter role tenant password 'second'`)
    expect(await ask(as('tenant', 'first'), whoami)).toEqual(refusal('tenant'))
    expect(await ask(as('tenant', 'second'), whoami)).toMatchObject({ answer: { rows: [{ name: 'tenant' }] } })
    expect(await ask(as('silent', 'first'), whoami)).toEqual(refusal('silent'))
    await own.close()
    await db.close()
  }, 60_000)
})
