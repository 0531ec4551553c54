import type { MongoClient, MongoClientOptions } from 'mongodb'
import { UsageError } from '../../../../core/errors.ts'
import { reveal } from '../../../../core/setting/secret.ts'
import { within } from '../../../../core/time-limit.ts'
import type { DriverRuntime } from '../../../contract/driver.ts'
import { loadVendor } from './vendor.ts'
import { defaultsFor, exceptSetBy, optionsOf, withoutOverridden } from './client-options.ts'
import { nameRefused } from './refused-option.ts'
import { bsonOptions } from '../codec/codec.ts'
import type { MongoDbConfig } from '../config.ts'

export interface ClientSettings {
  readonly config: MongoDbConfig
  /** Over what the configuration says. */
  readonly clientOptions: MongoClientOptions
  readonly runtime: DriverRuntime | undefined
  /** Whether single commands are traced. */
  readonly isTraced: boolean
}

/** In milliseconds. A server that is gone must not hold up the end of a request. */
const closeLimit = 2000

/** Makes a client, which does no I/O. The vendor's package is loaded with the first one. */
export async function createClient({ config, clientOptions, runtime, isTraced }: ClientSettings): Promise<MongoClient> {
  if (config.uri === undefined) {
    throw new UsageError('the URL of mongodb must be configured', {
      hint: 'Set MONGODB_URI, or LEX_NOSQL__MONGODB__URI.',
    })
  }
  const uri = reveal(config.uri)
  const defaults = exceptSetBy(uri, { ...defaultsFor(runtime), ...(isTraced && { monitorCommands: true }) })
  const { MongoClient } = await loadVendor()
  const options = { ...defaults, ...optionsOf(config), ...clientOptions, ...bsonOptions }
  const client = make(MongoClient, withoutOverridden(uri, options), options)
  if (client.writeConcern?.w === 0) {
    throw new UsageError('the write concern of MongoDB must be at least 1: with 0 the server does not confirm a write')
  }
  return client
}

function make(Client: typeof MongoClient, uri: string, options: MongoClientOptions): MongoClient {
  try {
    return new Client(uri, options)
  } catch {
    // The vendor's message may hold the URL, and the URL a password.
    throw new UsageError(`${nameRefused(Client, { uri, options })} cannot be used`, {
      hint: 'Check MONGODB_URI (user and password percent-encoded), LEX_NOSQL__MONGODB__… and the options of mongodb().',
    })
  }
}

/** Never rejects: the caller that ends a client has no use for its last error. */
export async function closeClient(client: MongoClient): Promise<void> {
  await within(client.close(), closeLimit, 'closing the MongoDB client').catch(() => undefined)
}
