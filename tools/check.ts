import { staticChecks } from './checks.ts'
import { runSteps } from './steps.ts'
import { lineOf, tallyOf, vitestStep } from './vitest-report.ts'

const failed = await runSteps([...staticChecks, vitestStep('units', ['unit', 'types'])])
console.log(`units: ${lineOf(tallyOf('units'))}`)
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
