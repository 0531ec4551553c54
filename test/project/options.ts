import { pgTable, text } from 'drizzle-orm/pg-core'
import { createApplication } from '../../src/runtime/application.ts'
import { token } from '../../src/core/token.ts'
import { sharedRuntime } from '../../src/runtime/runtime-traits.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { createTestTracer } from '../../src/testing/tracing/test-tracer.ts'

/** What an entry exports; each call below knows what its function is. */
// oxlint-disable-next-line typescript/no-explicit-any -- the arguments are wrong on purpose
type Entry = Readonly<Record<string, any>>

type CallWithOptions = (entry: Entry, unknown: object) => unknown

const app = createApplication({ name: 'options', fetch: () => new Response() })
const connectable = { name: 'ledger', connect: () => Promise.reject(new Error('never called')) }
const table = pgTable('items', { id: text().primaryKey() })
const handler = (): void => {}
const idle = (): Promise<void> => Promise.resolve()
/** Nothing connects before a statement is sent. */
const database = () => openDatabase({ drivers: [neon()], url: 'postgres://user:password@db.test/main' })

/** Calls of everything published that takes options: `<entry> <name>`. */
export const callsWithOptions: Readonly<Record<string, CallWithOptions>> = {
  'lexigram-edge section': ({ section, setting }, unknown) => section('mail', setting.object({}), unknown),
  'lexigram-edge createContainer': ({ createContainer }, unknown) => createContainer(unknown),
  'lexigram-edge factory': ({ factory }, unknown) => factory([], () => 1, unknown),
  'lexigram-edge provider': ({ provider }, unknown) => provider('mail', unknown),
  'lexigram-edge createApplication': ({ createApplication: create }, unknown) => create({ name: 'a', ...unknown }),
  'lexigram-edge toProblemDetails': ({ toProblemDetails }, unknown) => toProblemDetails(new Error('x'), unknown),
  'lexigram-edge toProblemResponse': ({ toProblemResponse }, unknown) => toProblemResponse(new Error('x'), unknown),
  'lexigram-edge/runtime toProblemDetails': ({ toProblemDetails }, unknown) =>
    toProblemDetails(new Error('x'), unknown),
  'lexigram-edge/runtime toProblemResponse': ({ toProblemResponse }, unknown) =>
    toProblemResponse(new Error('x'), unknown),
  'lexigram-edge/hono respond': ({ respond }, unknown) => respond({}, { ok: true, value: 1 }, unknown),
  'lexigram-edge/hono onError': ({ onError }, unknown) => onError(unknown),
  'lexigram-edge/inspector/server startInspector': ({ startInspector }, unknown) => startInspector(unknown),
  'lexigram-edge/lambda lambda': ({ lambda }, unknown) => lambda(app, unknown),
  'lexigram-edge/lambda lambda.on': ({ lambda }, unknown) => lambda.on(app, {}, unknown),
  'lexigram-edge/lambda lambda.on.sqs': ({ lambda }, unknown) => lambda.on(app, { sqs: { handler, ...unknown } }),
  'lexigram-edge/lambda/metrics embeddedMetrics': ({ embeddedMetrics }, unknown) =>
    embeddedMetrics({ namespace: 'a', ...unknown }),
  'lexigram-edge/node serve': ({ serve }, unknown) => serve(app, unknown),
  'lexigram-edge/nosql defineCollection': ({ defineCollection }, unknown) => defineCollection('a', unknown),
  'lexigram-edge/nosql inDocumentTransaction': ({ inDocumentTransaction }, unknown) =>
    inDocumentTransaction({}, handler, unknown),
  'lexigram-edge/nosql createDocumentStore': ({ createDocumentStore: create }, unknown) => create(memory(), unknown),
  'lexigram-edge/nosql fromUserInput': ({ fromUserInput }, unknown) => fromUserInput({}, unknown),
  'lexigram-edge/nosql AddField': ({ AddField }, unknown) => new AddField('a', 'b', unknown),
  'lexigram-edge/nosql CreateIndex': ({ CreateIndex }, unknown) => new CreateIndex('a', [['b', 1]], unknown),
  'lexigram-edge/nosql RunScript': ({ RunScript }, unknown) => new RunScript('a', handler, unknown),
  'lexigram-edge/nosql MigrationManager': ({ MigrationManager }, unknown) =>
    new MigrationManager({ store: createDocumentStore(memory()), dbName: 'a', ...unknown }),
  'lexigram-edge/nosql DocumentRepository': ({ DocumentRepository }, unknown) =>
    new DocumentRepository(createDocumentStore(memory()), unknown),
  'lexigram-edge/nosql noSqlProvider': ({ noSqlProvider }, unknown) =>
    noSqlProvider({ drivers: [memory()], ...unknown }),
  'lexigram-edge/nosql/aggregation aggregation': ({ aggregation }, unknown) => aggregation(unknown),
  'lexigram-edge/nosql/dynamodb dynamodb': ({ dynamodb }, unknown) => dynamodb(unknown),
  'lexigram-edge/nosql/dynamodb/sdk awsSdk': ({ awsSdk }, unknown) =>
    awsSdk({ send: handler, config: { serviceId: 'DynamoDB' } }, unknown),
  'lexigram-edge/nosql/dynamodb/streams streams': ({ streams }, unknown) => streams(unknown),
  'lexigram-edge/nosql/firestore firestore': ({ firestore }, unknown) => firestore(unknown),
  'lexigram-edge/nosql/memory memory': ({ memory: make }, unknown) => make(unknown),
  'lexigram-edge/nosql/mongodb mongodb': ({ mongodb }, unknown) => mongodb(unknown),
  'lexigram-edge/opentelemetry openTelemetry': ({ openTelemetry }, unknown) => openTelemetry(unknown),
  'lexigram-edge/runtime connectionProvider': ({ connectionProvider }, unknown) =>
    connectionProvider(token('Ledger'), () => connectable, unknown),
  'lexigram-edge/runtime keepConnected': ({ keepConnected }, unknown) => keepConnected(connectable, unknown),
  'lexigram-edge/runtime assertConnectionOptions': ({ assertConnectionOptions }, unknown) =>
    assertConnectionOptions(unknown),
  'lexigram-edge/runtime runBatch': ({ runBatch }, unknown) =>
    runBatch([], { source: 'a', onError: handler, ...unknown }),
  'lexigram-edge/sql database.session': async (_entry, unknown) => (await database()).session(unknown),
  'lexigram-edge/sql database.ping': async (_entry, unknown) => (await database()).ping(unknown),
  'lexigram-edge/sql database.health': async (_entry, unknown) => (await database()).health(unknown),
  'lexigram-edge/sql session.transaction': async (_entry, unknown) =>
    (await database()).session().transaction(idle, unknown),
  'lexigram-edge/sql session.atomic': async (_entry, unknown) => (await database()).session().atomic(idle, unknown),
  'lexigram-edge/sql session.batch': async (_entry, unknown) => (await database()).session().batch([], unknown),
  'lexigram-edge/runtime decideOnce': ({ decideOnce }, unknown) => decideOnce(unknown),
  'lexigram-edge/runtime stopOnTermination': ({ stopOnTermination }, unknown) =>
    stopOnTermination(
      handler,
      { on: handler, listenerCount: () => 0, exit: handler },
      { budget: 1, grace: 1, ...unknown },
    ),
  'lexigram-edge/runtime watchSource': ({ watchSource }, unknown) => watchSource({}, handler, unknown),
  'lexigram-edge/sql openDatabase': ({ openDatabase }, unknown) => openDatabase({ drivers: [], url: '', ...unknown }),
  'lexigram-edge/sql inTransaction': ({ inTransaction }, unknown) => inTransaction({}, handler, unknown),
  'lexigram-edge/sql sqlProvider': ({ sqlProvider }, unknown) => sqlProvider({ drivers: [], ...unknown }),
  'lexigram-edge/sql createSessionFactory': ({ createSessionFactory }, unknown) => createSessionFactory(unknown),
  'lexigram-edge/sql createMigrator': ({ createMigrator }, unknown) => createMigrator(unknown),
  'lexigram-edge/sql SqlRepository': ({ SqlRepository }, unknown) =>
    new SqlRepository(table, { run: handler }, { toEntity: handler, toRow: handler }, unknown),
  'lexigram-edge/sql/neon neon': ({ neon }, unknown) => neon(unknown),
  'lexigram-edge/sql/pglite pglite': ({ pglite }, unknown) => pglite(unknown),
  'lexigram-edge/sql/postgres postgres': ({ postgres }, unknown) => postgres(unknown),
  'lexigram-edge/testing createConformanceApplication': ({ createConformanceApplication }, unknown) =>
    createConformanceApplication(unknown),
  'lexigram-edge/testing checkGraph': ({ checkGraph }, unknown) => checkGraph(app, unknown),
  'lexigram-edge/testing startTestApplication': ({ startTestApplication }, unknown) =>
    startTestApplication(app, unknown),
  'lexigram-edge/testing expectMetric': ({ expectMetric }, unknown) =>
    expectMetric(createTestTracer(), { name: 'a', ...unknown }),
  'lexigram-edge/testing expectTrace': ({ expectTrace }, unknown) =>
    expectTrace(createTestTracer(), { name: 'a', ...unknown }),
  'lexigram-edge/testing createTestTracer': ({ createTestTracer: make }, unknown) => make(unknown),
  'lexigram-edge/tracing createTracer': ({ createTracer }, unknown) => createTracer({ record: handler }, unknown),
  'lexigram-edge/vercel vercel': ({ vercel }, unknown) => vercel(app, unknown),
  'lexigram-edge/workers workers': ({ workers }, unknown) => workers(app, unknown),
  'lexigram-edge/workers queue': ({ workers }, unknown) => workers(app, { queue: { handler, ...unknown } }),
  'lexigram-edge/workers connectThrough': ({ connectThrough }, unknown) =>
    connectThrough({ idFromName: handler }, unknown),
  'lexigram-edge/workers/entrypoints durableConnection': ({ durableConnection }, unknown) =>
    durableConnection(() => connectable, unknown),
  'lexigram-edge/workers/entrypoints durableObject': ({ durableObject }, unknown) => durableObject(app, unknown),
  'lexigram-edge/workers/entrypoints rpcService': ({ rpcService }, unknown) => rpcService(app, {}, unknown),
  'lexigram-edge/workers/tracing cloudflareTracer': ({ cloudflareTracer }, unknown) => cloudflareTracer(unknown),
}

const env = {}

/** Calls of methods with options, of what published functions return. */
export const methodsWithOptions: Readonly<Record<string, CallWithOptions>> = {
  'lexigram-edge app.start': (_entry, unknown) => app.start(env, sharedRuntime, unknown),
  'lexigram-edge config.load': ({ defineConfig }, unknown) => defineConfig({}).load(env, unknown),
  'lexigram-edge container.scoped': ({ createContainer }, unknown) =>
    createContainer().scoped(token('Ledger'), EventTarget, unknown),
  ...Object.fromEntries(
    ['string', 'number', 'int', 'duration', 'boolean', 'binding'].map((name): [string, CallWithOptions] => [
      `lexigram-edge setting.${name}`,
      ({ setting }, unknown) => setting[name](unknown),
    ]),
  ),
  'lexigram-edge setting.oneOf': ({ setting }, unknown) => setting.oneOf(['a'], unknown),
  'lexigram-edge setting.list': ({ setting }, unknown) => setting.list(setting.string(), unknown),
  'lexigram-edge setting.object': ({ setting }, unknown) => setting.object({}, unknown),
  'lexigram-edge/runtime decideOnce({}).retry': ({ decideOnce }, unknown) => decideOnce({}).retry(unknown),
}

/** Published functions whose parameters look like options, each with the reason why none is refused. */
export const takesNoOptions: Readonly<Record<string, string>> = {
  'lexigram-edge/nosql FindCursor': 'only find makes one, and checks the options',
}
