import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './steps.ts'

const outfile = join(root, 'tools/create/dist/main.js')

// One file, because Node does not read TypeScript in an installed package; npm installs the prompts beside it.
await build({
  entryPoints: [join(root, 'tools/create/src/main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node22',
  format: 'esm',
  logLevel: 'error',
})
chmodSync(outfile, 0o755)
