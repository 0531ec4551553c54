import { staticChecks, testsWithServers } from './checks.ts'
import { runSteps } from './steps.ts'
import { lineOf, sumOf, tallyOf, vitestStep } from '../reports/vitest-report.ts'

const failed = await runSteps([
  ...staticChecks,
  vitestStep('rules of the project', ['whole'], { only: ['test/project/'], shared: true }),
  vitestStep('units', ['unit', 'types'], { without: testsWithServers, shared: true }),
])
const tests = sumOf(['rules of the project', 'units'].map(tallyOf))
console.log(`tests: ${lineOf(tests)}; those that start servers run in npm test`)
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
