import { UsageError } from '../../../core/errors.ts'
import { reveal } from '../../../core/setting/secret.ts'
import { NoSQLConnectionError } from '../../errors.ts'
import type { Db, MongoClient, MongoClientOptions } from 'mongodb'
import type { MongoDbConfig } from './config.ts'
import { connectionError } from './errors.ts'

/** One client of the vendor and the database that a store works on. */
export interface Transport {
  /** @throws {NoSQLConnectionError} */
  connect(): Promise<void>
  /** Ends within a bound, also where the server does not answer. */
  close(): Promise<void>
  /** @throws {NoSQLConnectionError} before `connect` */
  db(): Db
  /** @throws {NoSQLConnectionError} before `connect` */
  client(): MongoClient
  /** Undefined before `connect`. */
  readonly native: MongoClient | undefined
}

export interface TransportOptions {
  readonly config: MongoDbConfig
  readonly database: string | undefined
  /** Over what the configuration says. */
  readonly clientOptions: MongoClientOptions
}

/** In milliseconds. A server that is gone must not hold up the end of a request. */
const closeLimit = 2000

/** The client is loaded on first use, so that an application that never connects does not pay for it. */
export function openTransport(options: TransportOptions): Transport {
  let client: MongoClient | undefined
  const connected = (): MongoClient => {
    if (client === undefined) throw new NoSQLConnectionError('the MongoDB client is not connected')
    return client
  }
  return {
    async connect() {
      const created = await createClient(options)
      try {
        await created.connect()
        client = created
      } catch (error) {
        await closeWithin(created)
        throw connectionError(error)
      }
    },
    async close() {
      const closing = client
      client = undefined
      if (closing !== undefined) await closeWithin(closing)
    },
    client: connected,
    get native() {
      return client
    },
    db: () => connected().db(options.database ?? options.config.database),
  }
}

async function createClient({ config, clientOptions }: TransportOptions): Promise<MongoClient> {
  if (config.uri === undefined) {
    throw new UsageError('mongodb needs a URL', { hint: 'Set MONGODB_URI, or LEX_NOSQL__MONGODB__URI.' })
  }
  const { MongoClient } = await import('mongodb')
  try {
    return new MongoClient(reveal(config.uri), { ...optionsOf(config), ...clientOptions })
  } catch {
    // The vendor's message may hold the URL, and the URL a password.
    throw new UsageError('the MongoDB URL or an option of the client cannot be used', {
      hint: 'Check MONGODB_URI (user and password percent-encoded) and the options of mongodb().',
    })
  }
}

/** The configuration in the vendor's words; what is absent there keeps the vendor's default. */
export function optionsOf(config: MongoDbConfig): MongoClientOptions {
  const { uri: _uri, database: _database, writeConcernW, readConcern, serverApi, compressors, ...rest } = config
  const { maxIdleTimeMs, waitQueueTimeoutMs, serverSelectionTimeoutMs, connectTimeoutMs, socketTimeoutMs, ...same } =
    rest
  return defined({
    // Monitoring that streams holds a connection open for the server's next word, which serverless runtimes freeze.
    serverMonitoringMode: 'poll',
    ...same,
    maxIdleTimeMS: maxIdleTimeMs,
    waitQueueTimeoutMS: waitQueueTimeoutMs,
    serverSelectionTimeoutMS: serverSelectionTimeoutMs,
    connectTimeoutMS: connectTimeoutMs,
    socketTimeoutMS: socketTimeoutMs,
    readConcern: readConcern === undefined ? undefined : { level: readConcern },
    writeConcern:
      writeConcernW === undefined
        ? undefined
        : { w: /^\d+$/.test(writeConcernW) ? Number(writeConcernW) : writeConcernW },
    serverApi: serverApi === undefined ? undefined : { version: serverApi },
    compressors: compressors === undefined ? undefined : [...compressors],
  })
}

function defined(options: Readonly<Record<string, unknown>>): MongoClientOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Rejects never: whoever ends a client has no use for its last error. */
async function closeWithin(client: MongoClient): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeLimit)
  })
  await Promise.race([client.close().catch(() => undefined), limit])
  clearTimeout(timer)
}
