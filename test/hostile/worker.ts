import { isLexigramError } from '../../src/core/errors.ts'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import type { HostileCase, Outcome, Victim } from './case.ts'
import { hostileCases } from './cases.ts'
import { slowness } from './slowness.ts'

const from = Number(process.argv[2])
const post = (message: object): void => {
  process.send?.(message)
}

const stored = [1, 2, 3].map((n) => ({
  _id: n,
  n,
  next: (n % 3) + 1,
  text: 'a'.repeat(30_000),
  list: Array.from({ length: 1000 }, (_, index) => index % 10),
  items: [{ sku: 'x', qty: n }, { sku: 'y' }],
  at: new Date(n),
}))

/** Milliseconds: below it the machine's speed does not matter. */
const noticeable = 1000

async function victim(): Promise<Victim> {
  const store = createDocumentStore(memory({ aggregation: aggregation() }))
  const things = store.collection('things')
  await things.insertMany(stored)
  return { store, things }
}

async function outcomeOf({ prepare, input, run }: HostileCase): Promise<Outcome> {
  const made = await victim()
  await prepare?.(made)
  const given = input?.()
  const start = process.cpuUsage()
  const ends = await endOf(() => run(made, given))
  const { user, system } = process.cpuUsage(start)
  const cpu = (user + system) / 1000
  return { ends, cpu: Math.round(cpu > noticeable ? cpu / slowness() : cpu) }
}

async function endOf(run: () => unknown): Promise<string> {
  try {
    await run()
    return 'answer'
  } catch (error) {
    if (isLexigramError(error)) return error.code
    return `untyped: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : typeof error}`
  }
}

for (const [index, hostileCase] of hostileCases.entries()) {
  if (index < from) continue
  post({})
  post({ outcome: await outcomeOf(hostileCase) })
}
process.disconnect()
