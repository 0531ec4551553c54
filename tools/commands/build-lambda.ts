import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleFunction } from '../runtimes/lambda-function.ts'
import { root } from './steps.ts'

const folder = join(root, '.lexigram', 'lambda')
const code = await bundleFunction(join(root, 'examples/lambda/index.ts'))
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'index.cjs'), code)
console.log(`.lexigram/lambda/index.cjs, ${(code.length / 1024).toFixed(0)} KiB`)
