import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { toHttpApiEvent } from '../../tools/runtimes/http-api.ts'
import { output } from '../../tools/runtimes/run-program.ts'
import { startNode } from '../../tools/runtimes/node-process.ts'
import { root } from '../../tools/commands/steps.ts'
import { compatibilityDate, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { dryRunDeployment } from '../../tools/runtimes/wrangler.ts'
import type { Project } from './project.ts'

/** A project that is running on its platform. */
export interface Running extends AsyncDisposable {
  send(path: string, init?: RequestInit): Promise<Response>
}

/** Lets wrangler bundle a Worker, and runs the bundle in workerd. */
export async function runWorker(project: Project, main: string): Promise<Running> {
  const bindings = { GREETING: 'hello' }
  const configuration = { name: 'shop', main, compatibility_date: compatibilityDate, vars: bindings }
  project.write('wrangler.json', JSON.stringify(configuration))
  const bundle = join(project.folder, 'bundle')
  await dryRunDeployment(project.folder, bundle)
  const script = readFileSync(join(bundle, 'index.js'), 'utf8')
  const worker = await startWorkerd(script, { bindings, compatibilityFlags: [] })
  return {
    // Miniflare's responses have another class, with the same members.
    send: async (path, init) => (await worker.dispatchFetch(`http://shop${path}`, init as {})) as unknown as Response,
    [Symbol.asyncDispose]: () => worker.dispose(),
  }
}

/** Runs a compiled module of Node that prints its URL, or Vercel's function under a stand-in for its launcher. */
export async function runOnNode(module: string, launcher?: 'vercel'): Promise<Running> {
  const { signal } = new AbortController()
  const before = launcher === undefined ? [] : [join(root, 'tools/runtimes/vercel-launcher.ts')]
  const server = await startNode([...before, module], { env: {}, port: 0, progress: () => {}, signal })
  return {
    send: (path, init) => fetch(new URL(path, server.url), init),
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

/** Bundles a function as packagers do, into one file of CommonJS, and invokes its handler in its own process. */
export async function invokeFunction({ folder }: Project, entry: string, event: object): Promise<unknown> {
  const outfile = join(folder, 'function', 'index.cjs')
  await build({
    entryPoints: [join(folder, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    absWorkingDir: folder,
    logLevel: 'error',
  })
  const program = [
    `const { handler } = require(${JSON.stringify(outfile)})`,
    "const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 3000 }",
    'Promise.resolve(handler(JSON.parse(process.argv[1]), context)).then((result) => {',
    '  process.stdout.write(JSON.stringify(result))',
    '})',
  ]
  const args = ['--input-type=commonjs', '--eval', program.join('\n'), JSON.stringify(event)]
  return JSON.parse(await output(process.execPath, args, folder)) as unknown
}

export async function httpApiEvent(path: string): Promise<object> {
  return (await toHttpApiEvent(new Request(`https://x.test${path}`), { address: '127.0.0.1' })) ?? {}
}
