// Writes what Vercel deploys: one function, which every path goes to.
// https://vercel.com/docs/build-output-api
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleForDeployment, requireInModules } from '../runtimes/bundle-for-deployment.ts'
import { root } from './steps.ts'

const output = 'examples/vercel/.vercel/output'
const folder = `${output}/functions/index.func`

rmSync(join(root, output), { recursive: true, force: true })
mkdirSync(join(root, folder), { recursive: true })
await bundleForDeployment('examples/vercel/index.ts', `${folder}/index.mjs`, {
  format: 'esm',
  banner: requireInModules,
})
writeJson(`${folder}/.vc-config.json`, {
  runtime: 'nodejs24.x',
  launcherType: 'Nodejs',
  handler: 'index.mjs',
  shouldAddHelpers: false,
  shouldAddSourcemapSupport: true,
  supportsResponseStreaming: true,
  // A client that disconnects aborts the request.
  supportsCancellation: true,
  // As examples/vercel/index.ts says.
  maxDuration: 60,
})
writeJson(`${output}/config.json`, { version: 3, routes: [{ src: '/(.*)', dest: '/index' }] })

function writeJson(path: string, value: object): void {
  writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`)
}
