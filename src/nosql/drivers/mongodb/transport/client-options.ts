import type { MongoClientOptions } from 'mongodb'
import type { DriverRuntime } from '../../../contract/driver.ts'
import type { MongoDbConfig } from '../config.ts'

/** The configuration in the vendor's words; what is absent there keeps the vendor's default. */
export function optionsOf(config: MongoDbConfig): MongoClientOptions {
  const {
    uri: _uri,
    database: _database,
    maxIdleTimeMs,
    waitQueueTimeoutMs,
    serverSelectionTimeoutMs,
    connectTimeoutMs,
    socketTimeoutMs,
    readConcern,
    writeConcernW,
    serverApi,
    compressors,
    ...same
  } = config
  return defined({
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

/** Where instances start while a caller waits: a server that is away is reported before the platform gives up. */
const impatient: MongoClientOptions = { serverSelectionTimeoutMS: 8000, connectTimeoutMS: 5000 }

/** What fits where the client runs. The configuration, the URL and the options of `mongodb()` go before it. */
export function defaultsFor(runtime: DriverRuntime | undefined): MongoClientOptions {
  return {
    // Monitoring that streams keeps a request open at the server, which runtimes that freeze a process leave half dead.
    serverMonitoringMode: 'poll',
    // Without it, the caller waits for a lost answer until the network gives up.
    socketTimeoutMS: 60_000,
    ...ofRuntime(runtime),
  }
}

function ofRuntime(runtime: DriverRuntime | undefined): MongoClientOptions {
  if (runtime === undefined) return {}
  // A Worker may have six sockets open at once, and each member of a replica set takes one to be monitored.
  if (!runtime.socketsOutliveRequests) return { ...impatient, maxPoolSize: 3, minPoolSize: 0 }
  // One request at a time: as many sockets as its operations are likely to need at once.
  if (runtime.name === 'lambda') return { ...impatient, maxPoolSize: 5, minPoolSize: 0, maxIdleTimeMS: 60_000 }
  // The platform keeps an instance until its idle sockets are closed.
  if (runtime.name === 'vercel') return { ...impatient, minPoolSize: 0, maxIdleTimeMS: 5000 }
  return {}
}

/** The options without those that the URL sets itself. */
export function exceptSetBy(uri: string, options: MongoClientOptions): MongoClientOptions {
  const [, query = ''] = uri.split('?', 2)
  const set = new Set([...new URLSearchParams(query).keys()].map((name) => name.toLowerCase()))
  return Object.fromEntries(Object.entries(options).filter(([name]) => !set.has(name.toLowerCase())))
}

/** The URL without what the options say instead: the vendor would prefer it to them, or add it to them. */
export function withoutOverridden(uri: string, { readConcern, compressors }: MongoClientOptions): string {
  const at = uri.indexOf('?')
  if (at < 0 || (readConcern === undefined && compressors === undefined)) return uri
  const isOverridden = (name = ''): boolean =>
    (readConcern !== undefined && /^readconcernlevel$/i.test(name)) ||
    (compressors !== undefined && /^compressors$/i.test(name))
  const left = uri
    .slice(at + 1)
    .split('&')
    .filter((part) => !isOverridden(part.split('=', 1)[0]))
  return uri.slice(0, left.length === 0 ? at : at + 1) + left.join('&')
}

function defined(options: Readonly<Record<string, unknown>>): MongoClientOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
