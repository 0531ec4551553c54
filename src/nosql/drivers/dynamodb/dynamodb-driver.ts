import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import type { DriverContext } from '../../contract/context.ts'
import { assertDriverConfig } from '../../contract/driver-config.ts'
import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import { keepOpened } from '../../contract/keep-opened.ts'
import { bufferedTransaction } from '../../optimistic/buffered-transaction.ts'
import { indexCatalog, type IndexCatalog } from '../../optimistic/index-catalog.ts'
import type { ExpressionEngine } from '../../query/expression-engine.ts'
import { dynamoCapabilities } from './capabilities.ts'
import { catalogStorage } from './indexes/catalog-storage.ts'
import { attributes, noSortKey } from './codec/codec.ts'
import { openCollection, type Database } from './collection.ts'
import { collectionsIn, createTable, emptyCollection, listTables } from './collections.ts'
import { settings, type DynamoDbConfig } from './config.ts'
import type { Fetch } from './credentials/container-credentials.ts'
import type { CredentialsProvider } from './credentials/credentials.ts'
import { defaultTransports } from './transport/default-transport.ts'
import { toReadError } from './errors.ts'
import { indexWork } from './indexes/index-work.ts'
import { isTableMissing } from './missing-table.ts'
import { placeOf, type Place } from './place.ts'
import { collectionOfTable, tableName } from './table-name.ts'
import type { TableStreams } from './streams/table-streams.ts'
import { transactionBackend } from './writing/transactions.ts'
import { createClient, type Client, type DynamoTransport } from './transport/transport.ts'

/** Options of `dynamodb`. */
export interface DynamoDbOptions {
  /** The engine behind `aggregate`, `$expr` and pipeline updates: `aggregation()` of `lexigram-edge/nosql/aggregation`. */
  readonly aggregation?: ExpressionEngine | undefined
  /** What sends the requests: `awsSdk(client)`. @default `fetch`, signed by `aws4fetch` */
  readonly transport?: DynamoTransport | undefined
  /**
   * Returns access keys for the default transport, such as those of a role. They are kept until shortly before
   * `expiresAt`. @default those of the configuration, else of the container's endpoint (ECS, EKS)
   */
  readonly credentials?: CredentialsProvider | undefined
  /** Sends the requests of the default transport. @default the global fetch */
  readonly fetch?: Fetch | undefined
  /**
   * Milliseconds for which the list of a collection's indexes is remembered. Creating an index waits three times as long,
   * so that every process has heard of it; dropping one, six times. It must be the same in all processes.
   *
   * @default 5000, and 200 where `createTables` is on
   */
  readonly catalogLifetime?: number | undefined
  /** What reads changes for `watch`: `streams()` of `lexigram-edge/nosql/dynamodb/streams`. @default `watch` is refused */
  readonly streams?: TableStreams | undefined
}

const optionChecks = {
  aggregation: must.beAnything,
  transport: must.beAnything,
  credentials: must.beFunction,
  fetch: must.beFunction,
  catalogLifetime: must.beNumberFrom(0),
  streams: must.beAnything,
} satisfies Readonly<Record<keyof DynamoDbOptions, OptionCheck>>

const lifetime = 5000
const developmentLifetime = 200

/**
 * Amazon DynamoDB, without the vendor's SDK unless it is handed in. An index is kept as items of the table, written in the
 * document's own transaction, so that a find sees the program's own last write; a unique one as lock items.
 *
 * @example
 * import { noSqlProvider } from 'lexigram-edge/nosql'
 * import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
 *
 * const documents = noSqlProvider({ drivers: [dynamodb()] }) // AWS_REGION, AWS_ACCESS_KEY_ID …
 */
export function dynamodb(given: DynamoDbOptions = {}): DocumentDriver {
  const options = assertOptions(given, optionChecks, 'the options of dynamodb')
  const transportOf = defaultTransports(options)
  /** By what the requests go to: a catalogue belongs to one database. */
  const catalogs = new Map<string, IndexCatalog>()
  return {
    name: 'dynamodb',
    import: "import { dynamodb } from 'lexigram-edge/nosql/dynamodb'",
    io: 'stateless',
    settings,
    warned: new Set(),
    open: ({ database, config } = {}) => {
      const checked = assertDriverConfig(config, settings, 'dynamodb')
      const transport = options.transport ?? transportOf(checked)
      const client = createClient(transport)
      const prefix = `${checked.keyPrefix ?? ''}${database === undefined ? '' : `${database}.`}`
      const placeFor = (name: string) => placeOf(client, checked.table ?? tableName(prefix, name), name)
      const key = JSON.stringify([checked.endpointUrl, checked.region, checked.table, prefix])
      let catalog = catalogs.get(key)
      if (catalog === undefined) {
        const timeToLive = options.catalogLifetime ?? (checked.createTables === true ? developmentLifetime : lifetime)
        catalog = indexCatalog({ storage: catalogStorage(placeFor), timeToLive })
        catalogs.set(key, catalog)
      }
      return backendOf({ transport, client, catalog, config: checked, prefix, placeFor }, options)
    },
  }
}

interface Opened {
  readonly transport: DynamoTransport
  readonly client: Client
  readonly catalog: IndexCatalog
  readonly config: DynamoDbConfig
  readonly prefix: string
  readonly placeFor: (collection: string) => Place
}

function backendOf(
  { transport, client, catalog, config, prefix, placeFor }: Opened,
  { aggregation, streams }: DynamoDbOptions,
): DocumentBackend {
  const database: Database = {
    client,
    catalog,
    opened: keepOpened(),
    createTables: config.createTables === true,
    streams,
    placeFor,
  }
  /** Where tables are created by writes, one that is missing is an empty one. */
  const ifThere = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (database.createTables && isTableMissing(error)) return otherwise
      throw error
    }
  }
  const tables = async (context: DriverContext) =>
    (await listTables(client, context)).filter((table) => table.startsWith(prefix))
  const list = async (context: DriverContext): Promise<readonly string[]> => {
    const all = config.table === undefined ? await tables(context) : [config.table]
    const found = (table: string) => ifThere(() => collectionsIn(client, table, context), [])
    const names = await Promise.all(all.map(async (table) => [table, await found(table)] as const))
    // An empty table is the collection that its name says.
    return names.flatMap(([table, collections]) =>
      collections.length === 0 && config.table === undefined ? [collectionOfTable(prefix, table)] : collections,
    )
  }
  return {
    name: 'dynamodb',
    capabilities: dynamoCapabilities({ aggregation: aggregation !== undefined, changes: streams !== undefined }),
    native: transport,
    aggregation,
    insteadOfWatching:
      "Pass dynamodb({ streams: streams() }), or read the stream of the table by 'lambda.on' (dynamodb) with documentChanges(collection).",
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    ping: (context) => asRead(() => ping(client, config.table, context)),
    collection: (name, spec, context) => openCollection(database, { name, spec }, context),
    begin: async () => bufferedTransaction(transactionBackend(database)),
    listCollections: (context) => asRead(() => list(context)),
    createCollection: (name, spec, context) =>
      asRead(async () => {
        const place = placeFor(name)
        const isOwn = config.table === undefined
        const makesTable = isOwn || database.createTables
        const isNewTable = makesTable && (await createTable(database, place.table, context))
        const isNew = (isOwn && isNewTable) || !(await list(context)).includes(name)
        const indexes = spec?.indexes ?? []
        if (isNew && (await catalog.declare(name, indexes, context))) return true
        for (const model of indexes) await catalog.create(name, model, { work: indexWork(place), context })
        return isNew
      }),
    dropCollection: (name, context) =>
      asRead(async () => {
        const place = placeFor(name)
        try {
          if (config.table !== undefined) return await emptyCollection(place, context)
          await client.call('DeleteTable', { TableName: place.table }, { context, isIdempotent: true })
          return true
        } catch (error) {
          if (isTableMissing(error)) return false
          throw error
        } finally {
          catalog.forget(name)
        }
      }),
  }
}

/** Asks for an item that does not exist, where it is known which table is there. */
async function ping(client: Client, table: string | undefined, context: DriverContext): Promise<void> {
  if (table === undefined) {
    await client.call('ListTables', { Limit: 1 }, { context, isIdempotent: true })
    return
  }
  const Key = { [attributes.pk]: { S: '#' }, [attributes.sk]: noSortKey }
  await client.call('GetItem', { TableName: table, Key }, { context, isIdempotent: true })
}

async function asRead<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(error)
  }
}
