import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compatibilityDate } from '../../tools/runtimes/workerd.ts'

/** A workerd process with nothing in front of it: Miniflare would put its own Worker before each request. */
export interface ServedWorker extends AsyncDisposable {
  readonly url: string
  readonly pid: number
}

/**
 * Serves a script. With `inner` it can load that one into fresh isolates: its `LOADER` binding is a worker loader,
 * `INNER` the text.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp
 */
export async function serveWorkerd(script: string, inner?: string): Promise<ServedWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-bench-'))
  writeFileSync(join(folder, 'worker.mjs'), script)
  writeFileSync(join(folder, 'inner.mjs'), inner ?? '')
  const loader = `bindings = [(name = "LOADER", workerLoader = ()), (name = "INNER", text = embed "inner.mjs")],`
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  ${inner === undefined ? '' : loader}
  compatibilityDate = "${compatibilityDate}",
);
`,
  )
  const flags = ['serve', '--experimental', '--control-fd=3', join(folder, 'config.capnp')]
  const child = spawn(binary(), flags, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    // It says where it listens.
    child.stdio[3]!.once('data', (line: Buffer) => resolve((JSON.parse(line.toString()) as { port: number }).port))
    child.once('close', (code) => reject(new Error(`workerd ended with ${code}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The workerd of Miniflare, which the project has pinned. */
function binary(): string {
  const fromMiniflare = createRequire(import.meta.resolve('miniflare'))
  // Its package exports the path of the binary.
  return (fromMiniflare('workerd') as { default: string }).default
}
