import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const here = import.meta.dirname
const commands: Readonly<Record<string, readonly string[]>> = {
  sync: ['container/loops.ts', 'sync'],
  async1: ['container/loops.ts', 'async1'],
  async4: ['container/loops.ts', 'async4'],
  singleton: ['container/loops.ts', 'singleton'],
  cold: ['container/cold.ts'],
  memory: ['container/memory.ts'],
  workerd: ['container/workerd.ts'],
  'matcher-simple': ['engine/matcher.ts', 'simple'],
  'matcher-complex': ['engine/matcher.ts', 'complex'],
  pipeline: ['engine/pipeline.ts'],
  'sql-find': ['sql/repository.ts', 'find'],
  'sql-save': ['sql/repository.ts', 'save'],
  'sql-page': ['sql/repository.ts', 'page'],
  'sql-count': ['sql/repository.ts', 'count'],
  'sql-save-many': ['sql/repository.ts', 'save-many'],
  'mongodb-find-one': ['documents/mongodb.ts', 'find-one'],
  'mongodb-writes': ['documents/mongodb.ts', 'writes'],
  'mongodb-find-100': ['documents/mongodb.ts', 'find-100'],
  'dynamodb-get': ['documents/dynamodb.ts'],
  'firestore-get': ['documents/firestore.ts'],
  'memory-find-one': ['documents/memory.ts', 'find-one'],
  'memory-update-one': ['documents/memory.ts', 'update-one'],
  types: ['types/compiler.ts'],
  entries: ['cold/entries.ts'],
  'sql-cold': ['cold/postgres.ts'],
  'mongodb-cold': ['cold/mongodb.ts'],
  lambda: ['lambda/invocations.ts'],
  http: ['workers/http.ts'],
  bodies: ['workers/bodies.ts'],
  heap: ['node/heap.ts'],
  'lambda-handlers': ['lambda/handlers.ts'],
  tracing: ['tracing/requests.ts'],
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } })
const unknown = positionals.find((name) => !(name in commands))
if (unknown !== undefined) {
  console.error(`unknown section ${unknown}; there are ${Object.keys(commands).join(', ')}`)
  process.exit(2)
}
install()
let failed = false
for (const [name, command] of Object.entries(commands)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const [script, ...args] = command
  // Flushed bytecode would be compiled again within a measurement.
  const flags = ['--no-flush-bytecode', '--no-warnings', join(here, script!), ...args]
  const { status } = spawnSync(process.execPath, [...flags, ...(values.quick === true ? ['--quick'] : [])], {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) failed = true
}
process.exitCode = failed ? 1 : 0

/** The peers are installed by the first run, in their own folder: the package itself needs none of them. */
function install(): void {
  const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const versions = (lock: string): string =>
    [...lock.matchAll(/"version": "(.*)"/g)].map(([, version]) => version).join()
  const wanted = versions(read(join(here, 'package-lock.json')).replace(/"": \{[^}]*\}[^}]*\},/, ''))
  if (versions(read(join(here, 'node_modules', '.package-lock.json'))) === wanted) return
  console.error('installing the peers: npm ci in bench/, about 10 seconds')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: here,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
