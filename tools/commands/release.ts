// Checks that what is checked out can be released, tags it and pushes the tag, on which CI publishes.
// Where package.json does not say where the package lives, it fills in the address of the origin.
//   --dry-run       checks the checkout, and says what would be done
//   --pack v1.2.3   for CI: checks what the tag stands for, and packs what is to be published
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withAddress } from '../release/address.ts'
import { readReleaseFacts, type ReleaseFacts } from '../release/facts.ts'
import { publishProblems, releaseProblems, tagOf } from '../release/problems.ts'
import { packStep, releaseSteps } from '../release/steps.ts'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false }, pack: { type: 'string' } } })
const found = await readReleaseFacts(process.cwd())
const facts = values.pack === undefined && !values['dry-run'] ? await fillAddress(found) : found

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

/** Says where the package lives, once that is known. The change is to be committed before anything is released. */
async function fillAddress(unfilled: ReleaseFacts): Promise<ReleaseFacts> {
  const { folder, manifest, address } = unfilled
  if (manifest['repository'] !== undefined || address === undefined) return unfilled
  writeFileSync(join(folder, 'package.json'), withAddress(manifest, address))
  console.log(`package.json says now that the package lives at ${address}: commit that`)
  return readReleaseFacts(folder)
}
