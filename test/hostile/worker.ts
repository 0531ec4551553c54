import { parentPort, workerData } from 'node:worker_threads'
import { isLexigramError } from '../../src/core/errors.ts'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import type { Victim } from './case.ts'
import { hostileCases } from './cases.ts'

const { from } = workerData as { readonly from: number }
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
const post = (message: unknown): void => parentPort?.postMessage(message)

const stored = [1, 2, 3].map((n) => ({
  _id: n,
  n,
  next: (n % 3) + 1,
  text: 'a'.repeat(30_000),
  list: Array.from({ length: 1000 }, (_, index) => index % 10),
  items: [{ sku: 'x', qty: n }, { sku: 'y' }],
  at: new Date(n),
}))

async function victim(): Promise<Victim> {
  const store = createDocumentStore(memory({ aggregation: aggregation() }))
  const things = store.collection('things')
  await things.insertMany(stored)
  return { store, things }
}

async function outcomeOf(run: (victim: Victim) => unknown): Promise<string> {
  const made = await victim()
  try {
    await run(made)
    return 'answer'
  } catch (error) {
    if (isLexigramError(error)) return error.code
    return `untyped: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : typeof error}`
  }
}

for (const [index, { run }] of hostileCases.entries()) {
  if (index < from) continue
  post({})
  post({ outcome: await outcomeOf(run) })
}
