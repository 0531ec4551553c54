// Stands for what Vercel runs a function with, on Node with Fluid compute: requests share the process, each finds its
// `waitUntil` in the global request context, and a client that disconnects aborts the request, as
// `supportsCancellation` says. https://github.com/vercel/vercel/tree/main/packages/node/src/serverless-functions
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { serveFetch } from './serve-fetch.ts'

type Handle = (request: Request) => Response | Promise<Response>

type Method = (typeof methods)[number]
type Handles = Readonly<Partial<Record<Method | 'fetch', Handle>>>

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'] as const
const file = process.argv[2] ?? ''
// What the module exports is checked where it is called.
const loaded = (await import(pathToFileURL(file).href)) as Handles & { readonly default?: Handles }
const exported: Handles = loaded.default ?? loaded

const contexts = new AsyncLocalStorage<{ waitUntil(work: Promise<unknown>): void }>()
Object.assign(globalThis, { [Symbol.for('@vercel/request-context')]: { get: () => contexts.getStore() } })
const background = new Set<Promise<unknown>>()
const context = {
  waitUntil(work: Promise<unknown>) {
    background.add(work)
    const done = (): void => void background.delete(work)
    work.then(done, done)
  },
}

const server = await serveFetch((request) => {
  const method = methods.find((name) => name === request.method)
  const handle = method === undefined ? undefined : (exported.fetch ?? exported[method])
  if (handle === undefined) return new Response(null, { status: 405 })
  return contexts.run({ ...context }, () => handle(request))
}, Number(process.env['PORT']))

const stop = async (): Promise<void> => {
  await server.close()
  while (background.size > 0) await Promise.allSettled(background)
  // A function that listens for the signal, too, has that much time.
  if (process.listenerCount('SIGTERM') > 0) await delay(500)
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => process.kill(process.pid, 'SIGTERM'))
console.log(`${file} answers at ${server.url}`)
