// Writes what Vercel deploys: one function, which every path goes to.
// https://vercel.com/docs/build-output-api
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const output = '.vercel/output'
const folder = `${output}/functions/index.func`

rmSync(output, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: ['src/index.ts'],
  outfile: `${folder}/index.mjs`,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  sourcemap: 'linked',
  // For packages of CommonJS in the bundle.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
})
const write = (path, value) => writeFileSync(path, JSON.stringify(value, null, 2))
write(`${folder}/.vc-config.json`, {
  runtime: 'nodejs24.x',
  launcherType: 'Nodejs',
  handler: 'index.mjs',
  shouldAddHelpers: false,
  shouldAddSourcemapSupport: true,
  supportsResponseStreaming: true,
  supportsCancellation: true,
  // As src/index.ts says.
  maxDuration: 60,
})
write(`${output}/config.json`, { version: 3, routes: [{ src: '/(.*)', dest: '/index' }] })
