import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../serve.ts'

let endpoint: NeonEndpoint
let client: Client
beforeAll(async () => {
  endpoint = await serveNeon({ protocolPort: 0 })
}, 60_000)
afterAll(() => endpoint.close())
beforeEach(async () => {
  client = new Client({ connectionString: endpoint.protocolUrl })
  await client.connect()
})
afterEach(() => client.end())

const name = 'idle_in_transaction_session_timeout'

// Where it fires, the next call of the embedded database keeps this process busy for ever.
it.each([
  ['as text', `set ${name} = '1h'`, undefined],
  ['in the extended protocol', `select set_config('${name}', '1h', $1)`, [false]],
  ['as parameters', 'select set_config($1, $2, false)', [name, '1h']],
])('refuses a timeout that never ends, %s', async (_how, text, values) => {
  await client.query('begin')
  await expect(client.query(text, values)).rejects.toMatchObject({
    code: '0A000',
    message: 'the embedded database cannot have this timeout',
  })
  await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
  await client.query('rollback')
  expect((await client.query(`show ${name}`)).rows).toEqual([{ [name]: '0' }])
})

it.each([
  ['as text', 'set session authorization postgres', undefined],
  ['as parameters', 'select set_config($1, $2, false)', ['session_authorization', 'postgres']],
])('refuses to change to the superuser, %s', async (_how, text, values) => {
  await expect(client.query(text, values)).rejects.toMatchObject({ code: '42501' })
  expect((await client.query('select session_user')).rows).toEqual([{ session_user: 'lexigram_owner' }])
})

it('runs a prepared statement with other parameters, of every kind', async () => {
  const query = { name: 'settings', text: 'select set_config($1, $2, false), $3::text as nothing' }
  await client.query({ ...query, values: ['app.tenant_id', 'ä', null] })
  const refused = client.query({ ...query, values: [name, '1h', ''] })
  await expect(refused).rejects.toMatchObject({ code: '0A000' })
  const again = await client.query({ ...query, values: ['app.tenant_id', '', null] })
  expect(again.rows).toEqual([{ set_config: '', nothing: null }])
})
