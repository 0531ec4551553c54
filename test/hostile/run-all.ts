import { Worker } from 'node:worker_threads'
import { hostileCases } from './cases.ts'

interface Report {
  readonly index: number
  readonly outcome?: string
  readonly took?: number
}

/** Every case's outcome; one that gives none in time is `hung`, and one that ends its thread `crashed`. */
export async function runHostileCases(limit: number): Promise<readonly string[]> {
  const outcomes: string[] = []
  while (outcomes.length < hostileCases.length) outcomes.push(...(await runFrom(outcomes.length, limit)))
  return outcomes
}

function runFrom(from: number, limit: number): Promise<readonly string[]> {
  const outcomes: string[] = []
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { from },
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    })
    let timer: NodeJS.Timeout | undefined
    const arm = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        outcomes.push('hung')
        void worker.terminate()
      }, limit)
    }
    arm()
    worker.on('message', ({ outcome, took = 0 }: Report) => {
      arm()
      if (outcome !== undefined) outcomes.push(outcome)
      if (process.env['HOSTILE_TIMES'] && outcome !== undefined)
        console.log(`${took.toFixed(0).padStart(7)} ms  ${outcome === hostileCases[from+outcomes.length-1]?.ends ? 'ok ' : 'BAD'} ${outcome.slice(0,400)}  ${hostileCases[from + outcomes.length - 1]?.name}`)
    })
    worker.on('error', (error) => outcomes.push(`crashed: ${error.message}`))
    worker.on('exit', () => {
      clearTimeout(timer)
      resolve(outcomes)
    })
  })
}
