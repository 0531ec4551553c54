import { workers } from '../../adapters/workers/handler.ts'
import { lambda } from '../../adapters/lambda/handler.ts'
import { createApplication } from '../../src/runtime/application.ts'
import { createContainer } from '../../src/container/container.ts'
import { factory } from '../../src/container/registration.ts'
import { token } from '../../src/core/token.ts'
import { defineConfig } from '../../src/config/define-config.ts'
import { DatabaseConfig } from '../../src/sql/config.ts'
import { sqlProvider } from '../../src/sql/provider.ts'
import { DbSession, TransactionalDbSession } from '../../src/sql/tokens.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { memory } from '../../src/nosql/drivers/memory/memory-driver.ts'
import { DocumentRepository } from '../../src/nosql/repository/repository.ts'
import type { WithId } from '../../src/nosql/collection/document-id.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { answeringDriver } from './answering-driver.ts'

/** One way through the package that a reader follows, made ready to be walked again and again. */
export interface Walk {
  readonly name: string
  prepare(): Promise<() => Promise<unknown>>
}

export const walks: readonly Walk[] = [
  { name: 'a Worker request: fetch, session, select, end', prepare: workerRequest },
  { name: 'documents: find by a range', prepare: () => find({ age: { $gte: 10 } }) },
  { name: 'documents: find by _id', prepare: () => find({ _id: 'd3' }) },
  { name: 'documents: a repository saves', prepare: repositorySave },
  { name: 'SQL: a transaction of one statement', prepare: transaction },
  { name: 'Lambda: an SQS batch of one', prepare: sqsBatch },
  { name: 'container: a scope with an async factory', prepare: asyncFactory },
]

const env = { DATABASE_URL: 'answering:', CURSOR_SECRET: 'for walks that read no page' }

const application = () =>
  createApplication({
    name: 'walk',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [sqlProvider({ drivers: [answeringDriver] })],
    fetch: async (_request, _env, context) => {
      const session = await context.scope.resolve(DbSession)
      return Response.json(await session.execute('select 1'))
    },
  })

async function workerRequest() {
  const handler = workers(application())
  return async () => {
    const pending: Promise<unknown>[] = []
    const context = { waitUntil: (work: Promise<unknown>) => pending.push(work), passThroughOnException: () => {} }
    const response = await handler.fetch(new Request('https://walk.test/'), env, context)
    await response.text()
    for (let i = 0; i < pending.length; i++) await pending[i]
  }
}

async function find(filter: Record<string, unknown>) {
  const collection = createDocumentStore(memory()).collection('walk')
  await collection.insertMany(Array.from({ length: 20 }, (_, i) => ({ _id: `d${i}`, age: i })))
  return async () => {
    for await (const _document of collection.find(filter));
  }
}

class Users extends DocumentRepository<{ readonly id: string; readonly name: string }> {
  protected readonly collectionName = 'users'
  protected documentToEntity({ _id, name }: WithId<Document>) {
    return { id: String(_id), name: name as string }
  }
  protected entityToDocument({ id, name }: { readonly id: string; readonly name: string }) {
    return { _id: id, name }
  }
}

async function repositorySave() {
  const users = new Users(createDocumentStore(memory()))
  return () => users.save({ id: 'u1', name: 'Ada' })
}

async function transaction() {
  const running = await application().boot(env)
  return async () => {
    await using scope = running.container.scope()
    const session = await scope.resolve(TransactionalDbSession)
    await session.transaction((tx) => tx.execute('select 1'))
  }
}

async function sqsBatch() {
  const app = createApplication({ name: 'walk', config: defineConfig({}) })
  const handler = lambda(app, { on: { sqs: () => Promise.resolve() } })
  const record = {
    messageId: 'm1',
    receiptHandle: 'r1',
    body: '{}',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:jobs',
    awsRegion: 'us-east-2',
  }
  const context = { awsRequestId: 'walk', getRemainingTimeInMillis: () => 10_000 }
  return () => Promise.resolve(handler({ Records: [record] }, context))
}

const Slow = token<number>('Slow')
const Fast = token<string>('Fast')

async function asyncFactory() {
  const container = createContainer()
  container.scoped(
    Slow,
    factory([], () => Promise.resolve(1), { dispose: () => {} }),
  )
  container.scoped(
    Fast,
    factory([Slow], (slow) => String(slow)),
  )
  container.seal()
  return async () => {
    await using scope = container.scope()
    await scope.resolve(Fast)
  }
}
