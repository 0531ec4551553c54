import { createApplication } from 'lexigram-edge'
import { serve } from 'lexigram-edge/node'
import { firstRequest } from './first-request.ts'
import { routes } from './routes.ts'

export async function first(): Promise<string> {
  const { port } = await serve(createApplication({ name: 'bench', fetch: routes.fetch }), { port: 0 })
  return firstRequest(port)
}
