import { createApplication, provider } from 'lexigram-edge'
import { sharedRuntime } from 'lexigram-edge/runtime'
import { memoryCatalog } from '../../examples/app/memory-products.ts'
import { routes } from '../../examples/app/routes.ts'
import { describeCatalogue } from './catalogue.ts'

// The seam that tests use: another provider for the same protocol, the same routes.
const sql = provider('sql', { healthCheck: () => 'healthy' })
const app = createApplication({ name: 'catalog', providers: [sql, memoryCatalog], fetch: routes.fetch })
const env = {}

describeCatalogue('an in-memory repository', (path, init) =>
  app.handle(new Request(`https://x.test${path}`, init), { env, waitUntil: (work) => void work }, sharedRuntime),
)
