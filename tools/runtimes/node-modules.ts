import { builtinModules } from 'node:module'
import type { Plugin } from 'esbuild'

const names = builtinModules.filter((name) => !name.startsWith('_'))
const requested = new RegExp(`^(?:node:)?(?:${names.join('|')})$`)
const wrapped = 'required-of-node'

/**
 * Leaves Node's modules to the runtime whatever a package calls them, as wrangler does with `nodejs_compat`: `net` is
 * `node:net`, and a CommonJS module that requires one gets what an import would.
 */
export const nodeModules: Plugin = {
  name: 'node-modules',
  setup(build) {
    build.onResolve({ filter: requested }, ({ path, kind }) => {
      const name = path.startsWith('node:') ? path : `node:${path}`
      return kind === 'require-call' ? { path: name, namespace: wrapped } : { path: name, external: true }
    })
    build.onLoad({ filter: /./, namespace: wrapped }, ({ path }) => ({
      contents: `import module_ from '${path}'\nmodule.exports = module_`,
      loader: 'js',
    }))
  },
}
