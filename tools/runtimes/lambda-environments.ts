import { setTimeout as delay } from 'node:timers/promises'
import { startFunction, type FunctionOptions, type FunctionProcess } from './lambda-function.ts'
import { serveRuntimeApi, type InvocationOutcome, type RuntimeApi } from './lambda-runtime-api.ts'

/** A function's processes, each with one invocation at a time, as Lambda has them. */
export interface Environments extends AsyncDisposable {
  /** Undefined when the function has ended, or has not answered before its timeout. */
  invoke(event: unknown): Promise<InvocationOutcome | undefined>
}

export interface EnvironmentsOptions extends Omit<FunctionOptions, 'address'> {
  /** The function's timeout, in milliseconds. */
  readonly timeout: number
  /** How many processes there may be; more invocations than that wait. */
  readonly most: number
}

interface Environment {
  readonly api: RuntimeApi
  readonly running: FunctionProcess
  busy: boolean
}

/** What an extension would have: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const shutdownTime = 300

/**
 * Runs a bundled function in Lambda's runtime client. A process is started for an invocation when all others are busy;
 * the oldest that is idle is used first. One that has ended, or was ended at its timeout, makes room for another.
 */
export function createEnvironments(code: string, options: EnvironmentsOptions): Environments {
  const environments: Environment[] = []
  const waiting: (() => void)[] = []
  let starting = 0

  const start = async (): Promise<Environment> => {
    starting++
    try {
      const api = await serveRuntimeApi()
      const running = startFunction(code, { ...options, address: api.address })
      const environment = { api, running, busy: true }
      environments.push(environment)
      return environment
    } finally {
      starting--
    }
  }
  const take = async (): Promise<Environment> => {
    for (;;) {
      const idle = environments.find(({ busy }) => !busy)
      if (idle !== undefined) {
        idle.busy = true
        return idle
      }
      if (environments.length + starting < options.most) return start()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const end = async (environment: Environment): Promise<void> => {
    environments.splice(environments.indexOf(environment), 1)
    await environment.running[Symbol.asyncDispose]()
    await environment.api[Symbol.asyncDispose]()
  }
  return {
    async invoke(event) {
      const environment = await take()
      const { api, running } = environment
      const timer = new AbortController()
      const over = delay(options.timeout, undefined, timer).catch(() => undefined)
      try {
        const lost = Promise.race([running.exited, over]).then(() => undefined)
        const outcome = await Promise.race([api.invoke(event, { timeout: options.timeout }), lost])
        if (outcome === undefined) await end(environment)
        return outcome
      } finally {
        timer.abort()
        environment.busy = false
        waiting.shift()?.()
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(
        [...environments].map(async (environment) => {
          environment.running.terminate()
          await Promise.race([environment.running.exited, delay(shutdownTime)])
          await end(environment)
        }),
      )
    },
  }
}
