import { createApplication, defineConfig, provider } from 'lexigram-edge'
import { NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { startTestApplication, type TestApplication } from 'lexigram-edge/testing'
import { afterAll, beforeAll } from 'vitest'
import { community } from '../../examples/app/community.ts'
import { catalog } from '../../examples/app/catalog.ts'
import { CatalogConfig } from '../../examples/app/config.ts'
import { routes } from '../../examples/app/routes.ts'
import { exampleEnv } from '../../tools/runtimes/example.ts'
import { describeCatalogue } from './catalogue.ts'

// The same domain and routes over documents in memory, and no database.
const sql = provider('sql', { healthCheck: () => 'healthy' })
const nosql = noSqlProvider({ drivers: [memory({ aggregation: aggregation() })] })

let app: TestApplication
beforeAll(async () => {
  const application = createApplication({
    name: 'catalog',
    config: defineConfig({ nosql: NoSqlConfig, catalog: CatalogConfig }),
    providers: [sql, nosql, catalog, community],
    fetch: routes.fetch,
  })
  app = await startTestApplication(application, { env: { ...exampleEnv, LEX_CATALOG__STORE: 'documents' } })
})
afterAll(() => app[Symbol.asyncDispose]())

describeCatalogue('documents in memory', (path, init) => app.fetch(path, init))
