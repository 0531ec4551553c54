import { bundleForDeployment, requireInModules } from '../runtimes/bundle-for-deployment.ts'

// The embedded database reads files of its package, which the Dockerfile copies.
await bundleForDeployment('examples/node/index.ts', '.lexigram/node/index.mjs', {
  format: 'esm',
  banner: requireInModules,
  external: ['@electric-sql/pglite'],
})
