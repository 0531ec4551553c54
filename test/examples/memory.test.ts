import { createApplication, defineConfig, provider } from 'lexigram-edge'
import { NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { startTestApplication, type TestApplication } from 'lexigram-edge/testing'
import { afterAll, beforeAll } from 'vitest'
import { community } from '../../examples/app/community.ts'
import { memoryCatalog } from '../../examples/app/memory-products.ts'
import { routes } from '../../examples/app/routes.ts'
import { exampleEnv } from '../../tools/runtimes/example.ts'
import { describeCatalogue } from './catalogue.ts'

// The seam that tests use: another provider for the same protocol, the same routes.
const sql = provider('sql', { healthCheck: () => 'healthy' })
const nosql = noSqlProvider({ drivers: [memory({ aggregation: aggregation() })] })

let app: TestApplication
beforeAll(async () => {
  const application = createApplication({
    name: 'catalog',
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [sql, nosql, memoryCatalog, community],
    fetch: routes.fetch,
  })
  app = await startTestApplication(application, { env: exampleEnv })
})
afterAll(() => app[Symbol.asyncDispose]())

describeCatalogue('an in-memory repository', (path, init) => app.fetch(path, init))
