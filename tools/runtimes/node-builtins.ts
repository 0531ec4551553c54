import { builtinModules } from 'node:module'
import type { Plugin } from 'esbuild'

const builtins = new RegExp(`^(?:node:)?(?:${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`)

/**
 * Leaves Node's modules to the runtime, as wrangler does for `nodejs_compat`: under their full names, and imported also
 * where a CommonJS package requires them, which a module of workerd cannot do.
 */
export const nodeBuiltins: Plugin = {
  name: 'node-builtins',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: builtins }, ({ path, kind }) => {
      const name = path.startsWith('node:') ? path : `node:${path}`
      return kind === 'require-call' ? { path: name, namespace: 'required-builtin' } : { path: name, external: true }
    })
    onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `import builtin from '${path}'; module.exports = builtin`,
    }))
  },
}
