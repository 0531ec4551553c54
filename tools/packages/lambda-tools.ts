import { findToolSet, type ToolSet } from './tool-set.ts'

/** Lambda's own runtime client, and a packager. */
export const lambdaTools: ToolSet = {
  title: 'Lambda’s runtime client',
  manifests: 'tools/lambda',
  name: 'lambda-tools',
  script: 'setup:lambda',
  note: 'whose native part takes about a minute to build',
}

/** @see findToolSet */
export const findLambdaTools = (): string | undefined => findToolSet(lambdaTools)
