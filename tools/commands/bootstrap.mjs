// Plain JavaScript that the system's Node runs (20 or later): everything else in tools/ is TypeScript for Node 24,
// which is itself one of the dependencies that this file installs.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

const [script, ...args] = process.argv.slice(2)
if (script === undefined) {
  console.error('usage: node tools/commands/bootstrap.mjs <script.ts> [arguments]')
  process.exit(2)
}

const reason = whyInstall()
if (reason !== undefined) {
  const status = await install(reason)
  if (status !== 0) process.exit(status)
}
process.exitCode = await run(node, [join(root, script), ...args], process.cwd())

/** What is wrong with the installed packages, or `undefined`; contents are compared, as times change with checkouts. */
function whyInstall() {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined || !existsSync(node)) return 'dependencies are not installed yet'
  const locked = readJson(join(root, 'package-lock.json'))?.packages ?? {}
  const stale = Object.entries(locked).some(
    ([path, entry]) => path !== '' && !entry.optional && installed.packages?.[path]?.version !== entry.version,
  )
  return stale ? 'package-lock.json has changed since the last installation' : undefined
}

async function install(why) {
  console.error(`${why}: running npm ci, which takes about 20 seconds`)
  const start = Date.now()
  const progress = setInterval(() => {
    console.error(`  still installing, ${Math.round((Date.now() - start) / 1000)} s`)
  }, 5000)
  const npm = process.env.npm_execpath
  const options = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const status = await (npm === undefined ? run('npm', options, root) : run(process.execPath, [npm, ...options], root))
  clearInterval(progress)
  if (status === 0) console.error(`installed in ${Math.round((Date.now() - start) / 1000)} s`)
  else console.error(`npm ci failed with exit code ${status}; the first run needs the network`)
  return status
}

/** Runs a command to its end, passes signals on to it, and gives its exit code (128 + n after signal n). */
function run(command, parameters, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd, stdio: 'inherit', shell: command.endsWith('.cmd') })
    const forward = (signal) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const end = (status) => {
      for (const signal of signals) process.off(signal, forward)
      resolve(status)
    }
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      end(127)
    })
    child.on('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
