// Builds the site of docs/ and the reference into .lexigram/site. Options go to VitePress: `-- --base=/lexigram-edge/`.
import { relative } from 'node:path'
import { installSiteTools } from '../site/tools.ts'
import { buildSite, siteFolder } from '../site/build.ts'
import { root } from './steps.ts'

const tools = await installSiteTools()
const start = performance.now()
await buildSite(tools, process.argv.slice(2))
const seconds = ((performance.now() - start) / 1000).toFixed(1)
console.log(`the site is in ${relative(root, siteFolder)}, built in ${seconds} s`)
