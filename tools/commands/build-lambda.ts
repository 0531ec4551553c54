import { bundleForDeployment } from '../runtimes/bundle-for-deployment.ts'

// CommonJS, which every packager and Lambda itself can load.
await bundleForDeployment('examples/lambda/index.ts', '.lexigram/lambda/index.cjs', { format: 'cjs' })
