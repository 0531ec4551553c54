import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isLexigramError } from '../src/errors.ts'
import { startExample } from './example.ts'
import { root } from './steps.ts'

const { port, fresh } = readArguments()
const folder = join(root, '.lexigram', 'data')

const stopping = new AbortController()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const stop = (): void => stopping.abort()
for (const signal of signals) process.on(signal, stop)

const example = await startExample({ folder, fresh, port, progress: (line) => console.log(line) }).catch(fail)
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

function readArguments(): { readonly port: number; readonly fresh: boolean } {
  const options = { port: { type: 'string', default: '8787' }, fresh: { type: 'boolean', default: false } } as const
  try {
    const { values } = parseArgs({ options })
    if (/^\d{1,5}$/.test(values.port) && Number(values.port) < 65_536) return { ...values, port: Number(values.port) }
  } catch {
    // Told below, with what there is.
  }
  return fail(undefined)
}

/** Says in a line what a person can mend; anything else is a bug, and shows where. */
function fail(error: unknown): never {
  if (error === undefined) console.error('usage: npm start -- [--port 8787] [--fresh]')
  else if (isLexigramError(error)) console.error([error.message, error.hint].filter(Boolean).join('\n'))
  else if ((error as { code?: unknown }).code === 'ERR_ADDRESS_IN_USE') {
    console.error(`port ${port} is taken; try: npm start -- --port ${port + 1}`)
  } else throw error
  process.exit(1)
}
