import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { DriverContext } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import { factsOf } from '../../plan/facts.ts'
import type { ExpressionEngine } from '../../query/expression-engine.ts'
import { dynamoCapabilities } from './capabilities.ts'
import { createCatalog, type Catalog } from './catalog.ts'
import { collectionsIn, createTable, emptyCollection, listTables } from './collections.ts'
import { settings, type DynamoDbConfig } from './config.ts'
import type { Fetch } from './credentials/container-credentials.ts'
import type { CredentialsProvider } from './credentials/credentials.ts'
import { defaultTransports } from './default-transport.ts'
import { isTableMissing, toReadError } from './errors.ts'
import { createIndex, dropIndex, expiryOf, listIndexes } from './indexes.ts'
import { placeOf, tableName, type Place } from './place.ts'
import { planRead } from './reads.ts'
import { createClient, type Client, type DynamoTransport } from './transport.ts'
import { sendWrites } from './writes.ts'

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
  /** Milliseconds for which the list of a collection's indexes is remembered. Creating an index waits so long. @default 10000 */
  readonly catalogLifetime?: number | undefined
}

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
export function dynamodb(options: DynamoDbOptions = {}): DocumentDriver {
  const catalog = createCatalog(options.catalogLifetime ?? 10_000)
  const transportOf = defaultTransports(options)
  return {
    name: 'dynamodb',
    import: "import { dynamodb } from 'lexigram-edge/nosql/dynamodb'",
    io: 'stateless',
    settings,
    warned: new Set(),
    open: ({ database, config } = {}) => {
      // Checked by the schema above where it comes from configuration.
      const checked = (config ?? {}) as DynamoDbConfig
      const transport = options.transport ?? transportOf(checked)
      return backendOf({ transport, catalog, client: createClient(transport), config: checked, database }, options)
    },
  }
}

interface Opened {
  readonly transport: DynamoTransport
  readonly client: Client
  readonly catalog: Catalog
  readonly config: DynamoDbConfig
  readonly database: string | undefined
}

function backendOf(
  { transport, client, catalog, config, database }: Opened,
  { aggregation }: DynamoDbOptions,
): DocumentBackend {
  const prefix = `${config.keyPrefix ?? ''}${database === undefined ? '' : `${database}.`}`
  const placeFor = (name: string): Place => placeOf(client, config.table ?? tableName(prefix, name), name)
  const collection = async (
    name: string,
    spec: CollectionSpec | undefined,
    context: DriverContext,
  ): Promise<DriverCollection> => {
    const place = placeFor(name)
    const entries = await asRead(() => catalog.entriesOf(place, context))
    const declared = (spec?.indexes ?? []).filter((index) => !entries.some((entry) => entry.index.name === index.name))
    const kept = [...entries.map(({ index }) => index), ...declared]
    const ready = entries.filter(({ state }) => state === 'ready').map(({ index }) => index)
    const target = { place, facts: factsOf(spec), indexes: ready }
    const inTable = <T>(call: DriverContext, work: () => Promise<T>): Promise<T> =>
      withTable({ client, config, place }, call, work)
    return {
      expiry: expiryOf(kept),
      plan(query) {
        const plan = planRead(target, query)
        return { ...plan, read: (call) => readOrNothing(plan.read(call), config) }
      },
      write: (writes, call) => inTable(call, () => sendWrites({ place, indexes: kept }, writes, call)),
      listIndexes: (call) => asRead(() => listIndexes({ place, catalog }, call)),
      createIndex: (index, call) => inTable(call, () => createIndex({ place, catalog }, index, call)),
      dropIndex: (index, call) => inTable(call, () => dropIndex({ place, catalog }, index, call)),
    }
  }
  const tables = async (context: DriverContext) =>
    (await listTables(client, context)).filter((table) => table.startsWith(prefix))
  const list = async (context: DriverContext): Promise<readonly string[]> => {
    const all = config.table === undefined ? await tables(context) : [config.table]
    const found = (table: string) => ifThere(() => collectionsIn(client, table, context), { config, otherwise: [] })
    const names = await Promise.all(all.map(async (table) => [table, await found(table)] as const))
    // An empty table is the collection that its name says.
    return names.flatMap(([table, collections]) =>
      collections.length === 0 && config.table === undefined ? [table.slice(prefix.length)] : collections,
    )
  }
  return {
    name: 'dynamodb',
    capabilities: dynamoCapabilities(aggregation !== undefined),
    native: transport,
    aggregation,
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    ping: (context) =>
      asRead(async () => void (await client.call('ListTables', { Limit: 1 }, { context, isIdempotent: true }))),
    collection,
    listCollections: (context) => asRead(() => list(context)),
    createCollection: (name, spec, context) =>
      asRead(async () => {
        const place = placeFor(name)
        const isOwn = config.table === undefined
        const makesTable = isOwn || config.createTables === true
        const isNewTable = makesTable && (await createTable(client, place.table, context))
        const isNew = (isOwn && isNewTable) || !(await list(context)).includes(name)
        if (isNew && config.table !== undefined) await catalog.save(place, [], context)
        for (const index of spec?.indexes ?? []) await createIndex({ place, catalog }, index, context)
        return isNew
      }),
    dropCollection: (name, context) =>
      asRead(async () => {
        const place = placeFor(name)
        catalog.forget(place)
        if (config.table !== undefined)
          return ifThere(() => emptyCollection(place, context), { config, otherwise: false })
        try {
          await client.call('DeleteTable', { TableName: place.table }, { context, isIdempotent: true })
          return true
        } catch (error) {
          if (isTableMissing(error)) return false
          throw error
        }
      }),
  }
}

interface Absent<T> {
  readonly config: DynamoDbConfig
  readonly otherwise: T
}

/** Where tables are created by writes, one that is missing is an empty one. */
async function ifThere<T>(work: () => Promise<T>, { config, otherwise }: Absent<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (config.createTables === true && isTableMissing(error)) return otherwise
    throw error
  }
}

interface Table {
  readonly client: Client
  readonly config: DynamoDbConfig
  readonly place: Place
}

/** In development a table that is missing is created by the first write. */
async function withTable<T>(
  { client, config, place }: Table,
  context: DriverContext,
  work: () => Promise<T>,
): Promise<T> {
  const run = async (): Promise<T> => work()
  if (config.createTables !== true) return asRead(run)
  try {
    await client.call('DescribeTable', { TableName: place.table }, { context, isIdempotent: true })
  } catch (error) {
    if (!isTableMissing(error)) throw toReadError(error)
    await asRead(() => createTable(client, place.table, context))
  }
  return asRead(run)
}

/** Where tables are created by writes, one that is missing has no documents. */
async function* readOrNothing<T>(pages: AsyncIterable<T>, { createTables }: DynamoDbConfig): AsyncGenerator<T, void> {
  try {
    yield* pages
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    if (!isTableMissing(cause) || createTables !== true) throw error
  }
}

async function asRead<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(error)
  }
}
