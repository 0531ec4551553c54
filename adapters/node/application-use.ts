import type { Application } from '../../src/runtime/index.ts'

/** How many servers use what an application has booted, by its environment. */
const uses = new WeakMap<Application, WeakMap<object, number>>()

/** Notes that a server uses the application. The returned function, called once, stops it after its last server. */
export function useApplication(app: Application, env: object): () => Promise<void> {
  const counts = uses.get(app) ?? new WeakMap<object, number>()
  uses.set(app, counts)
  const add = (change: number): number => {
    const count = (counts.get(env) ?? 0) + change
    counts.set(env, count)
    return count
  }
  add(1)
  return async () => {
    if (add(-1) === 0) await app.stop(env)
  }
}
