import { afterAll, beforeAll } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { exampleEnv, migrate } from '../../tools/example.ts'
import { describeCatalogue } from './catalogue.ts'

type Handler = { fetch(request: Request): Promise<Response> }

let endpoint: NeonEndpoint
let handler: Handler
beforeAll(async () => {
  endpoint = await serveNeon()
  await migrate(endpoint.url)
  Object.assign(process.env, { DATABASE_URL: endpoint.url, ...exampleEnv })
  handler = (await import('../../examples/vercel/index.ts')).default
})
afterAll(() => endpoint.close())

describeCatalogue('Vercel, over Neon’s protocols', (path, init) =>
  handler.fetch(new Request(`https://x.test${path}`, init)),
)
