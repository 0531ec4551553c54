import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'
import { root } from '../commands/steps.ts'

const namespace = 'inspected-app'

/**
 * Wraps the example by `inspect`, the one line that a project adds in development: the example itself stays as it is
 * deployed, in every runtime.
 */
const inspectedApp: Plugin = {
  name: namespace,
  setup(build) {
    build.onResolve({ filter: /\/app\/app\.ts$/ }, (found) =>
      found.namespace === namespace ? undefined : { path: join(root, 'examples/app/app.ts'), namespace },
    )
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `import { inspect } from 'lexigram-edge/inspector'
        import { createApp as create } from ${JSON.stringify(path)}
        export const createApp = (drivers) => inspect(create(drivers))`,
      resolveDir: dirname(path),
      loader: 'ts',
    }))
  },
}

/** What bundles the example with the inspector or without. */
export const pluginsFor = (inspected = false): Plugin[] => (inspected ? [inspectedApp] : [])
