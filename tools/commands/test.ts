import { adapterReport } from '../reports/adapter-report.ts'
import { staticChecks } from './checks.ts'
import { shareFirestoreEmulator } from '../emulators/firestore-emulator.ts'
import { clearReports, printReports, writeReport } from '../reports/reports.ts'
import { runSteps } from './steps.ts'
import { lineOf, sumOf, tallyOf, vitestStep } from '../reports/vitest-report.ts'

await using emulator = await shareFirestoreEmulator()
// The emulator is a process group apart, which a signal to this one does not reach.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void emulator[Symbol.asyncDispose]().then(() => process.exit(1)))
}
clearReports()
const suites = ['units', 'whole']
const failed = await runSteps([
  ...staticChecks,
  vitestStep('units', ['unit', 'types']),
  { name: 'build', command: 'node', args: ['tools/commands/build.ts'] },
  // The first is a compiler's work and takes longest, the others mostly download.
  [
    { name: 'Lambda’s runtime client', command: 'node', args: ['tools/commands/setup-lambda.ts'] },
    { name: 'a browser', command: 'node', args: ['tools/commands/setup-browser.ts'] },
    { name: 'the generator of the site', command: 'node', args: ['tools/commands/setup-site.ts'] },
    { name: 'the lowest, newest and next peers', command: 'node', args: ['tools/commands/setup-peers.ts'] },
  ],
  vitestStep('whole', ['whole', 'drizzle 1']),
])

const adapters = adapterReport()
if (adapters !== undefined) writeReport('adapters by topic', adapters)
printReports()
const tests = sumOf(suites.map(tallyOf))
const failedSteps = failed.filter((name) => !suites.includes(name))
if (tests.skippedSuites.length > 0) console.log(`skipped: ${tests.skippedSuites.join('; ')}`)
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
const tally = { ...tests, failed: tests.failed + failedSteps.length }
console.log(lineOf(tally))
process.exitCode = tally.failed === 0 ? 0 : 1
