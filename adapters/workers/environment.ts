import { kindOf } from '../../src/core/plain-object.ts'
import { isThenable } from '../../src/core/time-limit.ts'
import { UsageError, type Application } from '../../src/runtime/index.ts'

/** Makes an environment of the platform's own. */
export type Environment<Env> = (env: Env) => object

/**
 * The environment that a Worker's option `env` derives. What it throws is reported, and thrown.
 *
 * @throws UsageError `LEX_ERR_USE_001` from what is returned, for a promise and other values that are not environments
 */
export function environmentOf<Env extends object>(
  app: Application,
  derive: ((env: Env) => unknown) | undefined,
): Environment<Env> {
  if (derive === undefined) return (env) => env
  return (env) => {
    try {
      const derived = derive(env)
      if (typeof derived === 'object' && derived !== null && !isThenable(derived)) return derived
      throw new UsageError(`the option env must return an object, not ${kindOf(derived)}`)
    } catch (error) {
      app.options.onError?.({ error, phase: 'boot' })
      throw error
    }
  }
}
