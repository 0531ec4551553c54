import { assertOptions, must, type OptionCheck } from '../../src/core/assert-options.ts'
import { assertApplication, UsageError, type Application, type Scope } from '../../src/runtime/index.ts'
import type {
  EmailEnvelope,
  Handling,
  IncomingEmail,
  QueueBatch,
  ScheduledController,
  WorkersContext,
} from './platform.ts'
import { answerFetch, environmentOf } from './invocation.ts'
import { handleBatch, queueOptions, type QueueHandler, type QueueOptions } from './queue.ts'
import { runTrigger, type Trigger } from './run-trigger.ts'

/** Options of `workers`. */
export interface WorkersOptions<Env extends object, Email extends EmailEnvelope = IncomingEmail> {
  /** Runs on a cron trigger, in its own scope. A throw or an `Err` is reported and fails the run. */
  readonly scheduled?: Handling<[controller: ScheduledController, scope: Scope]>
  /** Handles queue messages one by one; see `QueueHandler`. */
  readonly queue?: QueueHandler | QueueOptions
  /** Receives mail, in its own scope. The message may be declared as Cloudflare's `ForwardableEmailMessage`. */
  readonly email?: Handling<[message: Email, scope: Scope]>
  /** Derives the environment, for example to rename bindings. Called once for each environment. */
  readonly env?: (env: Env) => object
}

const optionChecks = {
  scheduled: must.beFunction,
  queue: must.beAnything,
  email: must.beFunction,
  env: must.beFunction,
} satisfies Readonly<Record<keyof WorkersOptions<object>, OptionCheck>>

/** What a Worker's module exports as `default`. */
export interface WorkersHandler<Env extends object> {
  fetch(request: Request, env: Env, ctx: WorkersContext): Promise<Response>
  scheduled(controller: ScheduledController, env: Env, ctx: WorkersContext): Promise<void>
  queue(batch: QueueBatch, env: Env, ctx: WorkersContext): Promise<void>
  email(message: EmailEnvelope, env: Env, ctx: WorkersContext): Promise<void>
}

/**
 * Makes a Worker of an application. Each request, cron run, queue message and mail gets a scope that ends by itself.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @example
 * import { workers } from 'lexigram-edge/workers'
 *
 * export default workers(app, { queue: (message, scope) => scope.get(Orders).handle(message.body) })
 */
export function workers<Env extends object = object>(
  app: Application,
  options?: WorkersOptions<Env>,
): WorkersHandler<Env>
/** For handlers of mail that declare Cloudflare's type beside another library's streams. */
export function workers<Env extends object = object>(
  app: Application,
  options: WorkersOptions<Env, EmailEnvelope>,
): WorkersHandler<Env>
export function workers<Env extends object>(
  app: Application,
  options: WorkersOptions<Env, EmailEnvelope> = {},
): WorkersHandler<Env> {
  assertApplication(app)
  assertOptions(options, optionChecks, 'the options of workers')
  const queue = options.queue === undefined ? undefined : queueOptions(options.queue)
  const environment = environmentOf(app, options.env)
  const on =
    <E>(trigger: string, handler: Trigger<E>['handler'] = () => Promise.reject(noHandler(trigger))) =>
    async (event: E, env: Env, ctx: WorkersContext): Promise<void> =>
      runTrigger(app, { env: environment(env), ctx }, { trigger, event, handler })
  return {
    fetch: (request, env, ctx) => answerFetch(app, request, () => ({ env: environment(env), ctx })),
    scheduled: on('scheduled', options.scheduled),
    queue: async (batch, env, ctx) => {
      if (queue === undefined) throw noHandler('queue')
      await handleBatch(app, { batch, options: queue }, { env: environment(env), ctx })
    },
    email: on('email', options.email),
  }
}

function noHandler(trigger: string): UsageError {
  return new UsageError(`a ${trigger} event cannot be handled: the Worker has no handler for it`, {
    hint: `Pass workers(app, { ${trigger}: … }), or remove the trigger from wrangler.toml.`,
  })
}
