import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { bundleLibraries } from './bundle-libraries.ts'
import { root, runSteps } from './steps.ts'

rmSync(join(root, 'dist'), { recursive: true, force: true })
const failed = await runSteps([
  { name: 'emit the portable part, without any platform types', command: 'tsc', args: ['-p', 'tsconfig.build.json'] },
  { name: 'emit what runs on Node', command: 'tsc', args: ['-p', 'tsconfig.build.node.json'] },
  {
    name: 'bundle the inspector’s page',
    command: 'node',
    args: ['tools/inspector/write-page.ts', 'dist/src/inspector/server'],
  },
  { name: 'bundle npm create', command: 'node', args: ['tools/commands/build-create.ts'] },
])

await bundleLibraries(join(root, 'dist/src/cli/bundled'))

const promised = [
  './dist/src/inspector/server/page.html',
  ...Object.values(packageJson.bin),
  ...Object.values<string | Record<string, string>>(packageJson.exports),
]
const missing = promised
  .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
  .filter((target) => !existsSync(join(root, target)))
for (const target of missing) console.log(`✗ package.json promises ${target}, which was not built`)
process.exitCode = failed.length === 0 && missing.length === 0 ? 0 : 1
