// Checks that what is checked out can be released, tags it and pushes the tag, on which CI publishes.
//   --dry-run       checks the checkout, and says what would be done
//   --pack v1.2.3   for CI: checks what the tag stands for, and packs what is to be published
import { parseArgs } from 'node:util'
import { readReleaseFacts } from '../release/facts.ts'
import { publishProblems, releaseProblems, tagOf } from '../release/problems.ts'
import { packStep, releaseSteps } from '../release/steps.ts'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false }, pack: { type: 'string' } } })
const facts = await readReleaseFacts(process.cwd())

const problems = values.pack === undefined ? releaseProblems(facts) : publishProblems(facts, values.pack)
const steps = values.pack === undefined ? releaseSteps(facts) : [packStep(facts)]
for (const problem of problems) console.log(`✗ ${problem}`)
if (problems.length > 0) process.exitCode = 1
else await runAll()

async function runAll(): Promise<void> {
  for (const { does, run } of steps) {
    console.log(`${values['dry-run'] ? 'would' : '…'} ${does}`)
    if (values['dry-run']) continue
    try {
      await run()
    } catch (error) {
      console.log(`✗ ${error instanceof Error ? error.message.trimEnd() : String(error)}`)
      process.exitCode = 1
      return
    }
  }
  if (values.pack === undefined && !values['dry-run'])
    console.log(`${tagOf(facts)} is pushed: CI tests and publishes it`)
}
