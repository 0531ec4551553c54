import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo, type MongoServer, type MongoServerOptions } from '../../../../tools/mongodb-server/serve.ts'
import type { Command } from '../../../../tools/mongodb-server/wire.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { loadSettings } from '../../provider/load-settings.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

let server: MongoServer
let received: Command[] = []
const stores: DocumentStore[] = []

const serve = async (options: MongoServerOptions = {}): Promise<void> => {
  received = []
  server = await serveMongo({ ...options, onCommand: (command) => void received.push(command) })
}
beforeEach(() => serve())
afterEach(async () => {
  for (const store of stores.splice(0)) await store.disconnect()
  await server.close()
})

/** A store by the environment variables of one application. */
async function openWith(settings: Readonly<Record<string, string>>): Promise<DocumentStore> {
  const driver = mongodb()
  const env = Object.entries(settings).map(([name, value]) => [`LEX_NOSQL__MONGODB__${name}`, value])
  const variables = { MONGODB_URI: `${server.uri}&heartbeatFrequencyMS=100000`, ...Object.fromEntries(env) }
  const { mongodb: config } = await loadSettings([driver], variables, (warning) => {
    throw warning
  })
  const store = createDocumentStore(driver, { config, scans: 'allow' })
  stores.push(store)
  return store
}

const commandsOf = (name: string) => received.filter((command) => name in command)
const handshakes = () => received.filter((command) => 'client' in command)
const failPoint = async (store: DocumentStore, data: object): Promise<void> => {
  const { db } = store.native as { db(name: string): { command(command: object): Promise<unknown> } }
  await db.call(store.native, 'admin').command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data })
}
const timeOf = async (work: () => Promise<unknown>): Promise<readonly [number, unknown]> => {
  const start = Date.now()
  const error: unknown = await work().catch((thrown: unknown) => thrown)
  return [Date.now() - start, error]
}

describe('the section nosql.mongodb, as the server sees it', () => {
  it('a setting goes before the same option of the URL', async () => {
    const uri = `${server.uri}&readConcernLevel=local&w=2&readPreference=nearest&appName=url&retryWrites=false`
    const settings = { READ_CONCERN: 'majority', WRITE_CONCERN_W: 'majority', READ_PREFERENCE: 'primaryPreferred' }
    const store = await openWith({ URI: uri, ...settings, APP_NAME: 'setting', RETRY_WRITES: 'true' })
    await store.collection('a').insertOne({ n: 1 })
    await store.collection('a').findOne({})
    expect(commandsOf('insert')).toMatchObject([{ writeConcern: { w: 'majority' }, txnNumber: expect.anything() }])
    const read = { readConcern: { level: 'majority' }, $readPreference: { mode: 'primaryPreferred' } }
    expect(commandsOf('find')).toMatchObject([read])
    expect(handshakes()[0]).toMatchObject({ client: { application: { name: 'setting' } } })
  })

  it.each(['compressors=zlib', 'COMPRESSORS=zlib,snappy'])('a list of compressors goes before %s', async (option) => {
    const store = await openWith({ URI: `${server.uri}&${option}&appName=x`, COMPRESSORS: 'none' })
    await store.connect()
    for (const handshake of handshakes()) expect(handshake).toMatchObject({ compression: ['none'] })
  })

  it('appName and compressors are in the handshake', async () => {
    const store = await openWith({ APP_NAME: 'catalog', COMPRESSORS: 'zlib,none' })
    await store.connect()
    expect(handshakes().length).toBeGreaterThan(0)
    for (const handshake of handshakes()) {
      expect(handshake).toMatchObject({ client: { application: { name: 'catalog' } }, compression: ['zlib', 'none'] })
    }
  })

  it('serverApi is in every command', async () => {
    const store = await openWith({ SERVER_API: '1' })
    await store.collection('a').findOne({})
    expect(commandsOf('find')).toMatchObject([{ apiVersion: '1' }])
  })

  it('database is where commands go', async () => {
    const store = await openWith({ DATABASE: 'shop' })
    await store.collection('a').findOne({})
    expect(commandsOf('find')).toMatchObject([{ $db: 'shop' }])
  })

  it('authSource is where the user is looked for', async () => {
    await server.close()
    await serve({ users: { ada: 'lovelace' } })
    const uri = server.uri.replace('//', '//ada:lovelace@')
    const store = await openWith({ URI: uri, AUTH_SOURCE: 'people' })
    await store.collection('a').findOne({})
    expect(received.flatMap((command) => (command['saslStart'] === undefined ? [] : [command['$db']]))).toContain(
      'people',
    )
  })

  it.each(['primaryPreferred', 'nearest'])('readPreference %s is in reads', async (mode) => {
    const store = await openWith({ READ_PREFERENCE: mode })
    await store.collection('a').findOne({})
    expect(commandsOf('find')).toMatchObject([{ $readPreference: { mode } }])
  })

  it('readConcern is in reads', async () => {
    const store = await openWith({ READ_CONCERN: 'majority' })
    await store.collection('a').findOne({})
    await store.collection('a').countDocuments({})
    expect(commandsOf('find')).toMatchObject([{ readConcern: { level: 'majority' } }])
    expect(commandsOf('aggregate')).toMatchObject([{ readConcern: { level: 'majority' } }])
  })

  it.each([
    ['majority', 'majority'],
    ['2', 2],
  ])('writeConcernW %s is in writes', async (text, w) => {
    const store = await openWith({ WRITE_CONCERN_W: text })
    await store.collection('a').insertOne({ n: 1 })
    await store.collection('a').updateOne({ n: 1 }, { $inc: { n: 1 } })
    expect(commandsOf('insert')).toMatchObject([{ writeConcern: { w } }])
    expect(commandsOf('update')).toMatchObject([{ writeConcern: { w } }])
  })

  it('retryWrites decides whether a write can be repeated by the vendor', async () => {
    await (await openWith({})).collection('a').insertOne({ n: 1 })
    await (await openWith({ RETRY_WRITES: 'false' })).collection('a').insertOne({ n: 2 })
    expect(commandsOf('insert').map((command) => 'txnNumber' in command)).toEqual([true, false])
  })

  it.each([
    ['true', 2],
    ['false', 1],
  ])('retryReads %s', async (text, sent) => {
    const store = await openWith({ RETRY_READS: text })
    await store.collection('a').findOne({})
    await failPoint(store, { failCommands: ['find'], closeConnection: true })
    await store
      .collection('a')
      .findOne({})
      .catch(() => undefined)
    expect(commandsOf('find')).toHaveLength(1 + sent)
  })

  it('maxPoolSize bounds the connections', async () => {
    const store = await openWith({ MAX_POOL_SIZE: '2' })
    await Promise.all(Array.from({ length: 30 }, () => store.collection('a').findOne({})))
    expect(server.open().sockets).toBe(3)
  })

  it('minPoolSize opens connections ahead', async () => {
    const store = await openWith({ MIN_POOL_SIZE: '4' })
    await store.connect()
    await expect.poll(() => server.open().sockets).toBe(5)
  })

  it('maxIdleTimeMs closes unused connections', async () => {
    const store = await openWith({ MAX_IDLE_TIME_MS: '40' })
    await Promise.all(Array.from({ length: 5 }, () => store.collection('a').findOne({})))
    expect(server.open().sockets).toBeGreaterThan(1)
    await expect.poll(() => server.open().sockets).toBe(1)
  })

  it('waitQueueTimeoutMs bounds the wait for a connection', async () => {
    const store = await openWith({ MAX_POOL_SIZE: '1', WAIT_QUEUE_TIMEOUT_MS: '60' })
    await store.collection('a').findOne({})
    await failPoint(store, { failCommands: ['find'], blockConnection: true, blockTimeMS: 600 })
    const blocked = store.collection('a').findOne({})
    const [time, error] = await timeOf(() => store.collection('b').findOne({}))
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_002', cause: { name: 'MongoWaitQueueTimeoutError' } })
    expect(time).toBeLessThan(500)
    await blocked
  })

  it('socketTimeoutMs bounds the wait for an answer', async () => {
    const store = await openWith({ SOCKET_TIMEOUT_MS: '80', RETRY_READS: 'false' })
    await store.collection('a').findOne({})
    await failPoint(store, { failCommands: ['find'], blockConnection: true, blockTimeMS: 700 })
    const [time, error] = await timeOf(() => store.collection('a').findOne({}))
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect(time).toBeLessThan(600)
  })

  it('serverSelectionTimeoutMs and connectTimeoutMs bound the wait for a server', async () => {
    const settings = { SERVER_SELECTION_TIMEOUT_MS: '100', CONNECT_TIMEOUT_MS: '50' }
    const away = await openWith({ ...settings, URI: 'mongodb://127.0.0.1:1/' })
    const [time, error] = await timeOf(() => away.connect())
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect(time).toBeLessThan(1500)
  })

  it('a write concern of 0 is refused, wherever it stands', async () => {
    const refused = { code: 'LEX_ERR_USE_001' }
    await expect((await openWith({ WRITE_CONCERN_W: '0' })).connect()).rejects.toMatchObject(refused)
    await expect((await openWith({ URI: `${server.uri}&w=0` })).connect()).rejects.toMatchObject(refused)
  })

  it.each([
    ["the option 'maxPoolSiz' of the MongoDB URL", '&maxPoolSiz=5'],
    ["the option 'tls' of the MongoDB URL", '&tls=perhaps'],
    ["the option 'maxPoolSize' of the MongoDB URL", '&maxPoolSize=many'],
    ["the option 'readPreference' of the MongoDB URL", '&appName=x&readPreference=next'],
    ["the option 'tls' of the MongoDB URL", '&tls=true&tls=false'],
    ["the option 'compressors' of the MongoDB URL", '&compressors=lzma&proxyHost=x&proxyPort=5'],
    ["the option 'retryReads' of the MongoDB URL", '&maxPoolSize=5&retryReads=x&retryWrites=x'],
    ['the MongoDB URL', '&=5'],
  ])('%s is named when it cannot be used: %s', async (subject, options) => {
    const store = await openWith({ URI: `${server.uri}${options}` })
    await expect(store.connect()).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: `${subject} cannot be used`,
    })
  })

  it('an option of the client that cannot be used is named', async () => {
    const driver = mongodb({ clientOptions: { maxPoolSize: -1 } })
    const store = createDocumentStore(driver, { config: { uri: toSecret(server.uri) }, scans: 'allow' })
    await expect(store.connect()).rejects.toThrow("the option 'maxPoolSize' of the MongoDB client cannot be used")
  })

  it.each([
    ['a pool with more sockets than it may have', '&minPoolSize=5&maxPoolSize=1'],
    ['a read preference that no server can have', '&readPreference=secondary&maxStalenessSeconds=1'],
    ['a package that is missing', '&authMechanism=GSSAPI'],
    ['a file that is missing', '&tls=true&tlsCAFile=/nowhere.pem'],
  ])('is not taken for a server that is away: %s', async (_what, options) => {
    const store = await openWith({ URI: `${server.uri.replace('//', '//u:p@')}${options}` })
    await expect(store.connect()).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it.each(['-1', '1.5', '+1', '1e3'])('a write concern of %s is refused when the configuration is read', async (w) => {
    await expect(openWith({ WRITE_CONCERN_W: w })).rejects.toThrow('WRITE_CONCERN_W')
  })

  it('a password with a question mark is not taken for options', async () => {
    const store = await openWith({ URI: 'mongodb://ada:pa?maxSecret=x@127.0.0.1/' })
    await expect(store.connect()).rejects.toThrow(/^the MongoDB URL cannot be used$/)
  })

  it('an unknown key and a wrong value are refused when the configuration is read', async () => {
    await expect(openWith({ MAX_POOL_SIZ: '2' })).rejects.toThrow('MAX_POOL_SIZE')
    await expect(openWith({ READ_CONCERN: 'strong' })).rejects.toThrow('majority')
  })
})

describe('credentials', () => {
  const secret = 'hunter2-secret'
  const everythingOf = (error: unknown) => inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)
  const failures: readonly (readonly [string, () => string])[] = [
    ['a password that is refused', () => server.uri.replace('//', `//ada:${secret}@`)],
    ['a server that is away', () => `mongodb://ada:${secret}@127.0.0.1:1/?serverSelectionTimeoutMS=50`],
    ['a URL that cannot be read', () => `mongodb://ada:${secret}:x@127.0.0.1:1/?readPreference=${secret}`],
    ['an option that is wrong', () => `mongodb://ada:${secret}@127.0.0.1:1/?tls=${secret}`],
  ]

  it.each(failures)('are in no error: %s', async (_name, uri) => {
    await server.close()
    await serve({ users: { ada: 'lovelace' } })
    const store = await openWith({ URI: uri() })
    const [, error] = await timeOf(() => store.collection('a').findOne({}))
    expect(error).toBeInstanceOf(Error)
    expect(everythingOf(error)).not.toContain(secret)
    expect(everythingOf(error)).not.toContain('127.0.0.1')
    expect(everythingOf(await store.healthCheck())).not.toContain(secret)
  })
})
