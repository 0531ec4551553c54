import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startExample } from './example.ts'
import { root } from './steps.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8787' }, fresh: { type: 'boolean', default: false } },
})
const folder = join(root, '.lexigram', 'data')
if (values.fresh && existsSync(folder)) rmSync(folder, { recursive: true })
mkdirSync(folder, { recursive: true })

const stopping = new AbortController()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const stop = (): void => stopping.abort()
for (const signal of signals) process.on(signal, stop)

const port = Number(values.port)
const example = await startExample({ folder, port, progress: (line) => console.log(line) }).catch((error: unknown) => {
  if ((error as { code?: unknown }).code !== 'ERR_ADDRESS_IN_USE') throw error
  console.error(`port ${port} is taken; try: npm start -- --port ${port + 1}`)
  process.exit(1)
})
// Miniflare would end the process at once, and the database with it.
for (const signal of signals) {
  for (const listener of process.listeners(signal)) if (listener !== stop) process.off(signal, listener)
}
const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }))
if (!stopping.signal.aborted) {
  console.log(`
The catalogue answers at ${example.url} (data in .lexigram/data/, Ctrl-C stops). In another terminal, try:

  curl -s ${example.url}/products -H 'content-type: application/json' -d '{"id":"tea","name":"Tea","stock":3}'
  curl -s -X PATCH ${example.url}/products/tea/stock -H 'content-type: application/json' -d '{"by":-1}'
  curl -s ${example.url}/products
`)
  await stopped
}
console.log('\nstopping …')
await example.stop()
console.log('stopped')
