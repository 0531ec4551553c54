// Serves the site of docs/ on this machine and shows changes of documents at once. Options go to VitePress: `-- --port=8080`.
import { watch } from 'node:fs'
import { join } from 'node:path'
import { installSiteTools } from '../site/tools.ts'
import { serveSite } from '../site/build.ts'
import { writeDocuments } from '../site/stage.ts'
import { root } from './steps.ts'

const tools = await installSiteTools()
console.log('writing the reference, which takes about ten seconds')
const { stage, ended } = await serveSite(tools, process.argv.slice(2))
const watched = ['docs', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'].map((path) =>
  watch(join(root, path), { recursive: path === 'docs' }, () => writeDocuments(stage)),
)
process.exitCode = await ended
for (const watcher of watched) watcher.close()
