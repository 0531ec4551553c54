import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockProblems, type Lock, type Manifest } from './lock.ts'
import { root } from './steps.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'))
// npm writes both files.
const problems = lockProblems(read('package-lock.json') as Lock, read('package.json') as Manifest)
for (const problem of problems) console.log(problem)
console.log(
  problems.length === 0 ? 'package-lock.json is complete' : `package-lock.json has ${problems.length} problems`,
)
process.exitCode = problems.length === 0 ? 0 : 1
