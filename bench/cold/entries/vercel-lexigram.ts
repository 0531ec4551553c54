import { createApplication } from 'lexigram-edge'
import { vercel } from 'lexigram-edge/vercel'
import { routes } from './routes.ts'

const handler = vercel(createApplication({ name: 'bench', fetch: routes.fetch }))

export async function first(): Promise<string> {
  return (await handler.fetch(new Request('https://x.test/products/42'))).text()
}
