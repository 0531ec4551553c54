import { routes } from './routes.ts'

export async function first(): Promise<string> {
  return (await routes.fetch(new Request('https://x.test/products/42'))).text()
}
