/** What an entry, or a use of some entries, may weigh. */
export interface Budget {
  readonly name: string
  /** The code whose bundle is measured. */
  readonly code: string
  /** What it was meant to weigh, in bytes, minified and gzipped; see docs/decisions on sizes. */
  readonly aim: number
  /** Most bytes that it may weigh: nothing grows unnoticed. */
  readonly limit: number
  /** Code that is there anyway: only what comes on top of it counts. */
  readonly over?: string
  /** Packages that are given and therefore not counted. */
  readonly external?: readonly string[]
  /** The only packages that may be in the bundle. @default [] */
  readonly packages?: readonly string[]
  /** Files that must not be in the bundle. */
  readonly absent: RegExp
}

const otherEnvironments = /^(?:src\/(?:cli|testing|inspector)\/|adapters\/(?!workers\/))/
const data = /^src\/(?:sql|nosql)\//

const honoAlone = `
  import { Hono } from 'hono'
  export default new Hono().get('/', (c) => c.text('hello'))
`

export const budgets: readonly Budget[] = [
  {
    name: 'a hello Worker with the container alone',
    aim: 3_500,
    limit: 8_530,
    code: `
      import { createContainer, factory, token } from 'lexigram-edge'
      const Greeting = token('Greeting')
      const container = createContainer()
        .scoped(Greeting, factory([], async () => 'hello', { dispose: () => {} }))
        .seal()
      export default {
        async fetch() {
          const scope = container.scope()
          try { return new Response(await scope.resolve(Greeting)) } finally { await scope.dispose() }
        },
      }
    `,
    absent:
      /^src\/(?:sql|nosql|hono|testing|cli|runtime|config|specification)\/|^src\/container\/graph\.ts|^adapters\//,
  },
  {
    name: 'everything of lexigram-edge',
    aim: 8_000,
    limit: 26_030,
    code: `export * from 'lexigram-edge'`,
    absent: /^src\/(?:sql|nosql|hono|testing|cli)\/|^adapters\//,
  },
  {
    name: 'an application on Workers with Hono, over Hono',
    aim: 8_000,
    limit: 21_220,
    over: honoAlone,
    code: `
      import { Hono } from 'hono'
      import { createApplication, err, factory, isOk, ok, provider, toProblemDetails, token } from 'lexigram-edge'
      import { notFound, onError, requestScope, resolve, respond, validJson } from 'lexigram-edge/hono'
      import { workers } from 'lexigram-edge/workers'
      const Greeting = token('Greeting')
      const routes = new Hono()
      routes.use(requestScope())
      routes.onError(onError())
      routes.notFound(notFound())
      routes.get('/', async (c) => respond(c, ok(await resolve(c, Greeting))))
      routes.post('/', validJson({}), (c) => c.json(toProblemDetails(err('no'))))
      const greetings = provider('greetings', {
        register: (container) => { container.scoped(Greeting, factory([], () => 'hello')) },
      })
      export default workers(createApplication({ name: 'hello', providers: [greetings], fetch: routes.fetch }))
    `,
    packages: ['hono'],
    absent: new RegExp(`${otherEnvironments.source}|${data.source}`),
  },
  {
    name: 'the inspector’s side of an application, over an application',
    aim: 4_000,
    limit: 6_390,
    over: `export { createApplication } from 'lexigram-edge'`,
    code: `
      export { createApplication } from 'lexigram-edge'
      export { inspect } from 'lexigram-edge/inspector'
    `,
    absent: /^src\/(?:sql|nosql|hono|testing|cli|inspector\/(?:server|receive))\/|^adapters\//,
  },
  {
    name: 'find and update with the memory driver',
    aim: 16_000,
    limit: 72_500, // POSIX classes are refused as by PCRE, upserts refuse $expr, removals from arrays need a path that can lead to one, values in pipelines are checked as on MongoDB, sorts are charged by size, pipelines that count are counted by the backend, options hold for native counts and pipelines too, arguments that no method reads are refused, sorts read arrays as the server does, what a caller passes is copied once, values of the vendor are neither computed with nor treated as objects, an inserted replacement takes only the _id of its filter, alternatives that all say the same are one for an upsert
    code: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      import { memory } from 'lexigram-edge/nosql/memory'
      const users = createDocumentStore(memory()).collection('users')
      await users.updateOne({ name: 'Ada' }, { $inc: { logins: 1 } })
      console.log(await users.find({ logins: { $gt: 1 } }).toArray())
    `,
    absent: /^src\/(?:sql|hono|testing|cli)\/|^src\/nosql\/(?:aggregation\/|drivers\/(?!memory\/))|^adapters\//,
  },
  {
    name: 'the Firestore driver with its authentication, over the documents of lexigram-edge/nosql',
    aim: 14_000,
    limit: 39_350, // a config is checked, runs of ties keep what will do, waits that a service asks for, names that would lead elsewhere, unique values at every statement, answers are checked before they count, paths that a query cannot name are tested here, values of the vendor are refused
    over: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      console.log(createDocumentStore)
    `,
    code: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      import { firestore } from 'lexigram-edge/nosql/firestore'
      console.log(createDocumentStore(firestore()))
    `,
    packages: ['jose'],
    absent:
      /^src\/(?:sql|hono|testing|cli|runtime)\/|^src\/nosql\/(?:aggregation\/|drivers\/(?!firestore\/))|^adapters\//,
  },
  {
    name: 'the DynamoDB driver with its light transport, over the documents of lexigram-edge/nosql',
    aim: 14_000,
    limit: 42_140, // a config is checked, signals are joined where AbortSignal.any is missing, waits that a service asks for, unique values at every statement, queries side by side, pages that begin at their position, what a drop and a replacement leave on the stream, the endpoint of streams, values of the vendor are refused
    over: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      console.log(createDocumentStore)
    `,
    code: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
      console.log(createDocumentStore(dynamodb()))
    `,
    packages: ['aws4fetch'],
    absent:
      /^src\/(?:sql|hono|testing|cli|runtime)\/|^src\/nosql\/(?:aggregation\/|drivers\/(?!dynamodb\/))|^adapters\//,
  },
  {
    name: 'watch on DynamoDB, over its driver',
    aim: 4_000,
    limit: 3_510,
    over: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
      console.log(createDocumentStore(dynamodb()))
    `,
    code: `
      import { createDocumentStore } from 'lexigram-edge/nosql'
      import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
      import { streams } from 'lexigram-edge/nosql/dynamodb/streams'
      console.log(createDocumentStore(dynamodb({ streams: streams() })))
    `,
    packages: ['aws4fetch'],
    absent:
      /^src\/(?:sql|hono|testing|cli|runtime)\/|^src\/nosql\/(?:aggregation\/|drivers\/(?!dynamodb\/))|^adapters\//,
  },
  {
    name: 'lexigram-edge/nosql/aggregation',
    aim: 30_000,
    limit: 66_050, // bounds of ranges are decimals, $merge changes no _id and matches by null, variables of let are constants, values of the vendor are neither computed with nor taken for objects
    code: `export * from 'lexigram-edge/nosql/aggregation'`,
    absent: /^src\/(?:sql|hono|testing|cli|runtime)\/|^src\/nosql\/drivers\/|^adapters\//,
  },
  {
    name: 'sessions over the Neon driver, without Drizzle and the Neon library',
    aim: 8_000,
    limit: 35_640, // what a refused value is, waits that a service asks for
    code: `
      import { sqlProvider, DatabaseConfig, DatabaseProvider, DbSession, TransactionalDbSession } from 'lexigram-edge/sql'
      import { neon } from 'lexigram-edge/sql/neon'
      console.log(sqlProvider({ drivers: [neon()] }), DatabaseConfig, DatabaseProvider, DbSession, TransactionalDbSession)
    `,
    external: ['drizzle-orm', '@neondatabase/serverless'],
    absent: /^src\/(?:nosql|hono|testing|cli)\/|^src\/sql\/drivers\/(?!neon\/)|^adapters\//,
  },
  {
    name: 'sessions over the postgres driver, without Drizzle and pg',
    aim: 8_000,
    limit: 35_380,
    code: `
      import { sqlProvider, DatabaseConfig, DatabaseProvider, DbSession, TransactionalDbSession } from 'lexigram-edge/sql'
      import { postgres } from 'lexigram-edge/sql/postgres'
      console.log(sqlProvider({ drivers: [postgres()] }), DatabaseConfig, DatabaseProvider, DbSession, TransactionalDbSession)
    `,
    external: ['drizzle-orm', 'pg'],
    absent: /^src\/(?:nosql|hono|testing|cli)\/|^src\/sql\/drivers\/(?!postgres\/)|^adapters\//,
  },
]
