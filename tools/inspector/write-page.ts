// Writes the inspector's page into a folder, from the root: `node tools/inspector/write-page.ts dist/src/inspector/server`.
import { join } from 'node:path'
import { root } from '../commands/steps.ts'
import { buildPage, pageOfCheckout } from './build-page.ts'

const [folder] = process.argv.slice(2)
await buildPage(folder === undefined ? pageOfCheckout : join(root, folder, 'page.html'))
