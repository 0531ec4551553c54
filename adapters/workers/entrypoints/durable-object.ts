import { DurableObject } from 'cloudflare:workers'
import { assertOptions, must, type OptionCheck } from '../../../src/core/assert-options.ts'
import { assertApplication, UsageError, type Application, type Scope } from '../../../src/runtime/index.ts'
import { answerFetch, environmentOf } from '../invocation.ts'
import type { AlarmInfo, PlatformMembers, WorkersContext } from '../platform.ts'
import { runTrigger } from '../run-trigger.ts'
import { answerCall } from './answer-call.ts'
import { defineMethods, type RpcMethods } from './rpc-methods.ts'
import type { RpcServiceOptions, RpcStub } from './rpc-service.ts'

/** Options of `durableObject`. */
export interface DurableObjectOptions<M extends RpcMethods, Env extends object> extends RpcServiceOptions<Env> {
  /** Methods that holders of a stub call over RPC, like those of `rpcService`. @default none */
  readonly methods?: M
  /** Runs when the object's alarm goes off. A throw or an `Err` is reported, and the platform tries again. */
  readonly alarm?: (info: AlarmInfo, scope: Scope) => unknown
}

const optionChecks = {
  methods: must.beObject,
  alarm: must.beFunction,
  env: must.beFunction,
} satisfies Readonly<Record<keyof DurableObjectOptions<RpcMethods, object>, OptionCheck>>

/** A class for the Worker to export, and to bind as a Durable Object. */
export type DurableObjectClass<M extends RpcMethods, Env> = new (
  state: WorkersContext,
  env: Env,
) => MethodsOf<M> &
  PlatformMembers<Env> & {
    fetch(request: Request): Promise<Response>
    alarm(info?: AlarmInfo): Promise<void>
    readonly __DURABLE_OBJECT_BRAND: never
  }

/** None where nothing says which. */
type MethodsOf<M extends RpcMethods> = string extends keyof M ? unknown : RpcStub<M>

/**
 * Makes a Durable Object of an application: its `fetch`, its methods and its alarm each get their own scope. The
 * object's state, with storage and alarms, is the `platform` of `RequestContext`. Objects of one isolate share the booted
 * application: what belongs to one object is scoped. What else the platform calls is added by a class that extends it.
 *
 * @throws UsageError `LEX_ERR_USE_001` for values that are not applications or methods, as `rpcService` does
 * @see https://developers.cloudflare.com/durable-objects/api/alarms/
 * @example
 * import { durableObject } from 'lexigram-edge/workers/entrypoints'
 *
 * export const Cart = durableObject(app, { alarm: async (_info, scope) => (await scope.resolve(Carts)).expire() })
 */
export function durableObject<const M extends RpcMethods = RpcMethods, Env extends object = object>(
  app: Application,
  options: DurableObjectOptions<M, Env> = {},
): DurableObjectClass<M, Env> {
  assertApplication(app)
  assertOptions(options, optionChecks, 'the options of durableObject')
  const environment = environmentOf(app, options.env)
  const platformOf = ({ env, ctx }: DurableObject<WorkersContext, Env>) => ({ env: environment(env), ctx })
  class Host extends DurableObject<WorkersContext, Env> {
    fetch(request: Request): Promise<Response> {
      return answerFetch(app, request, () => platformOf(this))
    }

    async alarm(info: AlarmInfo = { isRetry: false, retryCount: 0 }): Promise<void> {
      await runTrigger(app, platformOf(this), { trigger: 'alarm', event: info, handler: options.alarm ?? noAlarm })
    }
  }
  defineMethods({ prototype: Host.prototype, taken: ['id', 'name'] }, options.methods ?? {}, (self, call, work) =>
    answerCall(app, { call, platformOf: () => platformOf(self) }, work),
  )
  // Its methods are put there by name, which the compiler does not see.
  return Host as unknown as DurableObjectClass<M, Env>
}

function noAlarm(): never {
  throw new UsageError('an alarm cannot be handled: the Durable Object has no handler for it', {
    hint: 'Pass durableObject(app, { alarm: … }), or set no alarm.',
  })
}
