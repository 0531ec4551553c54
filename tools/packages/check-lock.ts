import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lockProblems, type Lock, type Manifest } from './lock.ts'
import { root } from '../commands/steps.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))
const locks = globSync('{,bench/,tools/**/}package-lock.json', { cwd: root })
let count = 0
for (const lock of locks) {
  // npm writes both files.
  const problems = lockProblems(read(lock) as Lock, read(join(dirname(lock), 'package.json')) as Manifest)
  for (const problem of problems) console.log(`${lock}: ${problem}`)
  count += problems.length
}
console.log(count === 0 ? `${locks.join(', ')}: complete` : `${count} problems`)
process.exitCode = count === 0 ? 0 : 1
