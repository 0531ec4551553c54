import type { Scope } from '../container/resolver.ts'
import { createApplication, type Application } from '../runtime/application.ts'
import { assertApplication } from '../runtime/assert-application.ts'
import type { Invocation } from '../runtime/invocation/request-context.ts'
import type { Runtime } from '../runtime/runtime-traits.ts'
import type { RuntimeTraits } from '../runtime/provider.ts'
import { createReporter, type Reporter } from './report/reporter.ts'
import { targetOf } from './report/target.ts'
import { twoTracers } from './report/two-tracers.ts'
import { watchInvocation } from './report/watch-invocation.ts'

interface Inspected {
  readonly app: Application
  readonly reporter: Reporter
}

/**
 * Shows an application in the inspector while the environment has `LEXIGRAM_INSPECTOR`, the address that
 * `lexigram-edge inspect` prints; without it calls go straight to the application. For
 * development: addresses of other machines are refused, and reported once.
 *
 * A tracer that the application has goes on as before.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is not an application
 * @example
 * import { createApplication } from 'lexigram-edge'
 * import { inspect } from 'lexigram-edge/inspector'
 *
 * export const app = inspect(createApplication({ name: 'catalog', fetch: routes.fetch }))
 */
export function inspect(app: Application): Application {
  assertApplication(app)
  const byEnvironment = new WeakMap<object, Inspected | null>()

  const inspected = (env: object): Inspected | null => {
    // The application itself refuses what is not an environment.
    if (typeof env !== 'object' || env === null) return null
    const known = byEnvironment.get(env)
    if (known !== undefined) return known
    const made = makeInspected(app, env)
    byEnvironment.set(env, made)
    return made
  }

  return {
    name: app.name,
    options: app.options,
    async boot(env, runtime) {
      const found = inspected(env)
      if (found === null) return app.boot(env, runtime)
      const running = await found.app.boot(env, runtime)
      await found.reporter.send(running)
      return running
    },
    async start(env, runtime, options) {
      const found = inspected(env)
      if (found === null) return app.start(env, runtime, options)
      const wasRunning = found.reporter.isRunning
      try {
        return await found.app.start(env, runtime, options)
      } finally {
        // Adapters start before each message; a boot that happened before is sent with the invocations.
        if (!wasRunning) await found.reporter.send()
      }
    },
    stop: (env) => (inspected(env)?.app ?? app).stop(env),
    async handle(request, invocation, runtime) {
      const found = inspected(invocation.env)
      if (found === null) return app.handle(request, invocation, runtime)
      return watched(found, { invocation, runtime }, (passed) => found.app.handle(request, passed, runtime))
    },
    async run<T>(work: (scope: Scope) => T | Promise<T>, invocation: Invocation, runtime: RuntimeTraits): Promise<T> {
      const found = inspected(invocation.env)
      if (found === null) return app.run(work, invocation, runtime)
      return watched(found, { invocation, runtime }, (passed) => found.app.run(work, passed, runtime))
    },
  }
}

/** Runs an invocation, and sends what it did: soon after it began, and when all of it has ended. */
async function watched<T>(
  { app, reporter }: Inspected,
  { invocation, runtime }: { readonly invocation: Invocation; readonly runtime: Runtime },
  run: (invocation: Invocation) => Promise<T>,
): Promise<T> {
  const watch = watchInvocation(invocation)
  const send = async (): Promise<void> => {
    // What has not booted is not booted for this.
    const running = reporter.isRunning ? await app.start(invocation.env, runtime).catch(() => undefined) : undefined
    await reporter.send(running)
  }
  const sent = Promise.all([watch.begun.then(() => reporter.send()), watch.ended.then(send)])
  invocation.waitUntil(sent)
  try {
    return await run(watch.invocation)
  } finally {
    watch.answered()
  }
}

function makeInspected(app: Application, env: object): Inspected | null {
  const report = (error: unknown): void => app.options.onError?.({ error, phase: 'trace' })
  try {
    const target = targetOf(env)
    if (target === undefined) return null
    const now = (): number => performance.timeOrigin + performance.now()
    // Runtimes refuse a `fetch` that was taken off its global.
    const send: typeof fetch = (input, init) => fetch(input, init)
    const reporter = createReporter({ target, application: app.options, fetch: send, now, report })
    const { tracer, providers = [] } = app.options
    const both = tracer === undefined ? reporter.tracer : twoTracers(tracer, reporter.tracer)
    const own = createApplication({ ...app.options, tracer: both, providers: [...providers, reporter.provider] })
    return { app: own, reporter }
  } catch (error) {
    report(error)
    return null
  }
}
