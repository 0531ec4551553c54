import { staticChecks, testsWithServers } from './checks.ts'
import { runSteps } from './steps.ts'
import { lineOf, tallyOf, vitestStep } from '../reports/vitest-report.ts'

const failed = await runSteps([
  ...staticChecks,
  vitestStep('units', ['unit', 'types'], { without: testsWithServers, shared: true }),
])
console.log(`units: ${lineOf(tallyOf('units'))}; those that start servers run in npm test`)
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
