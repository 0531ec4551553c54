import { afterAll, beforeAll } from 'vitest'
import { createApp } from '../../examples/app/app.ts'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { serve, type NodeServer } from 'lexigram-edge/node'
import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { neon } from 'lexigram-edge/sql/neon'
import { exampleEnv, migrate } from '../../tools/example.ts'
import { describeCatalogue } from './catalogue.ts'

let endpoint: NeonEndpoint
let server: NodeServer
beforeAll(async () => {
  endpoint = await serveNeon()
  await migrate(endpoint.url)
  const app = createApp({ sql: [neon()], nosql: [memory({ aggregation: aggregation() })] })
  server = await serve(app, { port: 0, signals: [], env: { DATABASE_URL: endpoint.url, ...exampleEnv } })
})
afterAll(async () => {
  await server.close()
  await endpoint.close()
})

describeCatalogue('Node, over Neon’s protocols', (path, init) => fetch(new URL(path, server.url), init))
