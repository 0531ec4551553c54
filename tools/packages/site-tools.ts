import type { ToolSet } from './tool-set.ts'

/** VitePress, TypeDoc and Mermaid. */
export const siteTools: ToolSet = {
  title: 'the generator of the site',
  manifests: 'tools/site',
  name: 'site-tools',
  script: 'setup:site',
  note: 'which takes about 20 seconds',
}
