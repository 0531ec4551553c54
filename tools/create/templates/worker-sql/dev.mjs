// Runs the Worker in workerd, over an embedded PostgreSQL that speaks Neon's protocols. Nothing leaves your machine.
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const edge = fileURLToPath(import.meta.resolve('lexigram-edge/package.json')).replace(
  /package\.json$/,
  'dist/src/cli/main.js',
)
const wrangler = fileURLToPath(import.meta.resolve('wrangler/package.json')).replace(
  /package\.json$/,
  'bin/wrangler.js',
)

const args = ['neon-local', '--port', '0', '--data-dir', '.data']
const database = spawn(process.execPath, [edge, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
let worker
const stop = (code) => {
  worker?.kill('SIGTERM')
  database.kill('SIGTERM')
  process.exitCode = code
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop(0))
database.once('exit', (code) => stop(code ?? 1))

let url
for await (const line of createInterface({ input: database.stdout })) {
  url ??= /^DATABASE_URL=(.*)$/.exec(line)?.[1]
  const owner = /^for migrations: (.*)$/.exec(line)?.[1]
  if (url === undefined || owner === undefined) continue
  const migrate = ['migrate', 'up', '--driver', 'neon', '--module', 'src/migrations.ts']
  const env = { ...process.env, DATABASE_URL: owner }
  const { status } = spawnSync(process.execPath, [edge, ...migrate], { env, stdio: 'inherit' })
  if (status !== 0) {
    stop(status ?? 1)
    break
  }
  // Wrangler passes no variable of this process on to the Worker.
  const inspector = process.env['LEXIGRAM_INSPECTOR']
  const inspected = inspector === undefined ? [] : ['--var', `LEXIGRAM_INSPECTOR:${inspector}`]
  const dev = ['dev', '--var', `DATABASE_URL:${url}`, ...inspected, ...process.argv.slice(2)]
  // Wrangler asks Cloudflare for the place that requests come from, and complains without a network.
  const quiet = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', ...process.env }
  worker = spawn(process.execPath, [wrangler, ...dev], { stdio: 'inherit', env: quiet })
  worker.once('exit', (code) => stop(code ?? 1))
}
