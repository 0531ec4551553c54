import { parentPort, workerData } from 'node:worker_threads'
import type { CreateBackend } from './backend.ts'
import { lanes } from '../lanes.ts'
import { loadCases } from './case.ts'
import { runCase } from './run-case.ts'
import type { FromWorker, ToWorker } from './watchdog.ts'

const { folder, backend, indexes } = workerData as ToWorker
const { createBackend } = (await import(`./backends/${backend}.ts`)) as { createBackend: CreateBackend }
const cases = loadCases(folder)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
const post = (message: FromWorker): void => parentPort?.postMessage(message)

post({ ready: true })
for (const index of indexes) {
  const oracleCase = cases[index]
  if (oracleCase !== undefined)
    post({ index, outcome: await runCase(oracleCase, await createBackend(), lanes[backend]) })
}
