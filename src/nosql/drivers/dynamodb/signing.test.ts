import { afterEach, describe, expect, it } from 'vitest'
import { serveDynamo } from '../../../../tools/dynamodb-server/serve.ts'
import type { ServerKey, SignatureRules } from '../../../../tools/dynamodb-server/signature.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb, type DynamoDbOptions } from './dynamodb-driver.ts'

const key: ServerKey = { accessKeyId: 'AKIA', secretAccessKey: 'the+secret/key', sessionToken: 'token' }
const closing: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of closing.splice(0)) await each[Symbol.asyncDispose]()
})

async function storeOver(signatures: SignatureRules, options: DynamoDbOptions, config: object = {}) {
  const server = await serveDynamo({ signatures })
  closing.push(server)
  const driver = dynamodb(options)
  const settings = { ...config, endpointUrl: server.endpoint, createTables: true }
  const ping = () => driver.open({ config: settings }).ping({ now: Date.now() })
  return { server, store: createDocumentStore(driver, { config: settings }), ping }
}

describe('requests over the light transport', () => {
  it('are signed so that the server takes them, with the session token', async () => {
    const { store } = await storeOver(
      { keys: [key] },
      {},
      {
        region: 'eu-central-1',
        accessKeyId: 'AKIA',
        secretAccessKey: toSecret('the+secret/key'),
        sessionToken: toSecret('token'),
      },
    )
    const items = store.collection('ünïcode')
    await items.insertOne({ _id: 'ключ', text: '😀' })
    expect(await items.findOne({ _id: 'ключ' })).toEqual({ _id: 'ключ', text: '😀' })
  })

  it.each([-7_200_000, 7_200_000])('take the server’s time over when this machine is %d ms off', async (offset) => {
    const { ping, server } = await storeOver(
      { keys: [key], now: () => Date.now() + offset },
      { credentials: () => Promise.resolve(key) },
    )
    await ping()
    await ping()
    // One refusal, after which the time is known.
    expect(server.requests.get('ListTables')).toBe(3)
  })

  it('fail after one more attempt when the signature is wrong for another reason', async () => {
    const { ping, server } = await storeOver(
      { keys: [key] },
      { credentials: () => Promise.resolve({ ...key, secretAccessKey: 'another' }) },
    )
    const error = await ping().catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect(String(error)).not.toContain('another')
    expect(server.requests.get('ListTables')).toBe(1)
  })

  it('ask for new credentials when the server says that theirs have ended', async () => {
    const old = { ...key, accessKeyId: 'OLD', expiresAt: Date.now() + 1000 }
    let calls = 0
    const { ping, server } = await storeOver(
      { keys: [{ ...old, expiresAt: 0 }, key] },
      { credentials: async () => (++calls === 1 ? old : { ...key, expiresAt: Date.now() + 3_600_000 }) },
    )
    await ping()
    expect([calls, server.requests.get('ListTables')]).toEqual([2, 2])
  })

  it('ask for new credentials though the end of the old ones is unknown', async () => {
    let calls = 0
    const { ping, server } = await storeOver(
      { keys: [{ ...key, accessKeyId: 'OLD', expiresAt: 0 }, key] },
      { credentials: async () => (++calls === 1 ? { ...key, accessKeyId: 'OLD' } : key) },
    )
    await ping()
    await ping()
    expect([calls, server.requests.get('ListTables')]).toEqual([2, 3])
  })

  it('are not sent again with the credentials that were refused', async () => {
    const old = { ...key, accessKeyId: 'OLD' }
    const { ping, server } = await storeOver(
      { keys: [{ ...old, expiresAt: 0 }] },
      { credentials: () => Promise.resolve({ ...old }) },
    )
    await expect(ping()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect(server.requests.get('ListTables')).toBe(1)
  })

  it('share the credentials of all stores of a driver', async () => {
    let calls = 0
    const { ping } = await storeOver(
      { keys: [key] },
      {
        credentials: async () => {
          calls += 1
          return { ...key, expiresAt: Date.now() + 3_600_000 }
        },
      },
    )
    await Promise.all([ping(), ping()])
    await ping()
    expect(calls).toBe(1)
  })

  it('end with their signal while credentials are asked for', async () => {
    const { store, server } = await storeOver({ keys: [key] }, { credentials: () => new Promise(() => undefined) })
    const find = store.collection('items').findOne({ _id: 1 }, { signal: AbortSignal.timeout(30) })
    await expect(find).rejects.toThrow()
    expect(server.requests.size).toBe(0)
  })

  it('need credentials', async () => {
    const { ping } = await storeOver({ keys: [key] }, {})
    await expect(ping()).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
