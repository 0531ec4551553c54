import { Worker } from 'node:worker_threads'
import { hostileCases } from './cases.ts'

/** Sent when a case begins, and with its outcome when it ends. */
interface Report {
  readonly outcome?: string
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
    worker.on('message', ({ outcome }: Report) => {
      arm()
      if (outcome !== undefined) outcomes.push(outcome)
    })
    worker.on('error', (error) => outcomes.push(`crashed: ${error.message}`))
    worker.on('exit', () => {
      clearTimeout(timer)
      resolve(outcomes)
    })
  })
}
