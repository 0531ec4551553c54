import { join } from 'node:path'
import { bundleWorker, compatibilityDate } from '../../tools/runtimes/workerd.ts'
import { shuffle } from '../measure.ts'
import { cpuOf } from '../process-cpu.ts'
import { serveWorkerd, type ServedWorker } from '../workers/serve-workerd.ts'

/** Loads the Worker anew for each request. */
const hostFor = (env: object) => `
let count = 0
export default {
  fetch(request, { LOADER, INNER }) {
    const worker = LOADER.get('worker ' + count++, () => ({
      compatibilityDate: '${compatibilityDate}',
      compatibilityFlags: ['nodejs_compat'],
      mainModule: 'worker.js',
      modules: { 'worker.js': INNER },
      env: ${JSON.stringify(env)},
    }))
    return worker.getEntrypoint().fetch(request)
  },
}`

/** CPU of workerd from a request to its answer by a fresh isolate, which loads the Worker for it. */
export async function inFreshIsolates(
  apps: Readonly<Record<string, string>>,
  rounds: number,
  env: object = { DATABASE_URL: 'postgres://app:secret@db.test/app' },
): Promise<Map<string, number[]>> {
  const served: [string, ServedWorker][] = []
  try {
    for (const [name, app] of Object.entries(apps)) {
      const script = await bundleWorker(join(import.meta.dirname, '..', 'workers', 'apps', `${app}.js`))
      served.push([name, await serveWorkerd(hostFor(env), script)])
    }
    const times = new Map<string, number[]>(served.map(([name]) => [name, []]))
    // The first rounds warm up workerd itself.
    for (let round = -3; round < rounds; round++) {
      for (const [name, worker] of shuffle(served)) {
        const time = await sample(name, worker)
        if (round >= 0) times.get(name)!.push(time)
      }
    }
    return times
  } finally {
    for (const [, worker] of served) await worker[Symbol.asyncDispose]()
  }
}

async function sample(name: string, { url, pid }: ServedWorker): Promise<number> {
  const before = cpuOf(pid)
  const text = await (await fetch(`${url}/products/42`)).text()
  const time = cpuOf(pid) - before
  if (!text.includes('"id":"42","name":"lamp"')) throw new Error(`${name}: ${text}`)
  return time
}
