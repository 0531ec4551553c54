import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { isLexigramError } from '../../src/core/errors.ts'
import { documentNames, sqlNames, type DocumentsName, type SqlName } from '../runtimes/databases.ts'
import { startExample } from '../runtimes/example.ts'
import { isRuntimeName, runtimeNames, type RuntimeName } from '../runtimes/launchers.ts'
import type { Running } from '../runtimes/runtime.ts'
import { startInspector } from '../../src/inspector/server/start-inspector.ts'
import { buildPage } from '../inspector/build-page.ts'
import { root } from './steps.ts'

const { runtime, documents, sql, port, fresh } = readArguments()
const folder = join(root, '.lexigram', 'data')

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
const stopped = new Promise<undefined>((resolve) => {
  stopping.signal.addEventListener('abort', () => resolve(undefined), { once: true })
})

const progress = (line: string): void => console.log(line)
await buildPage()
const inspector = await startInspector()
const example = await startExample({
  inspector: inspector.env,
  runtime,
  documents,
  sql,
  folder,
  fresh,
  port,
  progress,
  signal: stopping.signal,
}).catch(fail)
if (example !== undefined && !stopping.signal.aborted) introduce(example)
const reason = await Promise.race([stopped, ...(example?.ended === undefined ? [] : [example.ended])])
if (!stopping.signal.aborted) {
  console.error(reason)
  process.exitCode = 1
}
console.log('\nstopping …')
await example?.stop()
await inspector.close()
console.log('stopped')

function introduce({ url, note }: Running): void {
  console.log(`
The catalogue answers at ${url}/products (data in .lexigram/data/, Ctrl-C stops),
${note}.
The inspector shows what it does: ${inspector.url}

In another terminal, try:

  curl -s ${url}/products -H 'content-type: application/json' -d '{"id":"tea","name":"Tea","stock":3}'
  curl -s -X PATCH ${url}/products/tea/stock -H 'content-type: application/json' -d '{"by":-1}'
  curl -s ${url}/products
`)
}

interface Arguments {
  readonly runtime: RuntimeName
  readonly documents: DocumentsName
  readonly sql: SqlName
  readonly port: number
  readonly fresh: boolean
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        runtime: { type: 'string', default: 'worker' },
        documents: { type: 'string', default: 'memory' },
        sql: { type: 'string', default: 'neon' },
        port: { type: 'string', default: '8787' },
        fresh: { type: 'boolean', default: false },
      },
    })
    const { runtime, documents, sql, port, fresh } = values
    // npm keeps what comes before the `--` to itself, and reports it only here.
    const { npm_config_runtime: ofNpm = '', npm_config_port, npm_config_fresh } = process.env
    const kept = isRuntimeName(ofNpm) ? 'runtime' : npm_config_port ? 'port' : npm_config_fresh ? 'fresh' : undefined
    if (kept !== undefined) throw new Error(`--${kept} must come after --: npm keeps it`)
    if (!isRuntimeName(runtime)) throw new Error(`the runtime '${runtime}' must be one of those listed`)
    if (!isOneOf(documentNames, documents)) throw new Error(`the documents '${documents}' must be one of those listed`)
    if (!isOneOf(sqlNames, sql)) throw new Error(`the SQL driver '${sql}' must be one of those listed`)
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw new Error(`the port must be a number from 0 to 65535, not '${port}'`)
    return { runtime, documents, sql, port: Number(port), fresh }
  } catch (error) {
    // The first sentence says what is wrong; the others of parseArgs are about its own ways around it.
    if (error instanceof Error) console.error(error.message.split('. ')[0])
  }
  console.error(
    `usage: npm start -- [--runtime ${runtimeNames.join('|')}] [--documents ${documentNames.join('|')}]\n` +
      `       [--sql ${sqlNames.join('|')}] [--port 8787] [--fresh]`,
  )
  process.exit(1)
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return names.some((one) => one === name)
}

/** Reports in one line what a user can fix; anything else is a bug and keeps its stack. */
async function fail(error: unknown): Promise<undefined> {
  // Ctrl-C also reaches what was started, which may have ended before this process was signalled.
  await delay(50)
  if (stopping.signal.aborted) return
  const { code } = error as { code?: unknown }
  if (isLexigramError(error)) console.error([error.message, error.hint].filter(Boolean).join('\n'))
  else if (code === 'ERR_ADDRESS_IN_USE' || code === 'EADDRINUSE') {
    console.error(`port ${port} is taken; try: npm start -- --port ${port + 1}`)
  } else throw error
  process.exit(1)
}
