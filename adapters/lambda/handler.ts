import {
  assertApplication,
  stopOnTermination,
  UsageError,
  type Application,
  type Track,
} from '../../src/runtime/index.ts'
import { checkHandlers } from './events/check-handlers.ts'
import { handleEvent } from './events/handle-event.ts'
import type { EventHandlers } from './events/handlers.ts'
import { handleBuffered } from './http/buffered.ts'
import { httpEventOf } from './http/event.ts'
import { handleStreamed } from './http/streamed.ts'
import { LambdaInvocation, lambdaRuntime } from './invocation.ts'
import type { AwsLambda, LambdaContext } from './platform.ts'

export interface LambdaOptions {
  /** Handlers of events that are no HTTP requests, by what triggers the function. @default none */
  readonly on?: EventHandlers
  /** What configuration is read from. @default process.env */
  readonly env?: object
  /** Streams answers; the function needs `InvokeMode: RESPONSE_STREAM` or a streaming integration. @default false */
  readonly streaming?: boolean
  /** Boots while Lambda initialises the function, rather than with the first invocation. @default true */
  readonly bootAtInit?: boolean
  /** A path prefix that the routes do not know, for example a custom domain's base path. @default '' */
  readonly basePath?: string
  /**
   * How long before the function's timeout signals abort, in milliseconds; never more than half of the timeout. Half of
   * it later, work that has not answered is given up. @default 500
   */
  readonly deadlineMargin?: number
}

/**
 * In milliseconds. Lambda sends SIGTERM only to functions with an extension, and kills them 300 ms later (500 ms with an
 * internal one).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
 */
const afterSigterm = { budget: 250, grace: 100 }

/** What the function's module exports as `handler`. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>

/**
 * Makes a Lambda function of an application. HTTP events of API Gateway (REST and HTTP APIs), function URLs, load
 * balancers and VPC Lattice are told apart by what they carry, and so are the events that `on` has handlers for.
 *
 * An HTTP answer that is not there before the function's timeout is a 504; records that were not handled by then are
 * handed back.
 *
 * @throws UsageError `LEX_ERR_USE_001` for options that are none; from the handler, for an event that it does not know:
 * names its members
 * @example
 * import { lambda } from 'lexigram-edge/lambda'
 *
 * export const handler = lambda(app, { on: { sqs: (message, scope) => scope.get(Orders).handle(message.body) } })
 */
export function lambda(app: Application, options: LambdaOptions = {}): LambdaHandler {
  assertApplication(app)
  const { env = process.env, deadlineMargin = 500, on = {} } = options
  checkHandlers(on)
  checkMargin(deadlineMargin)
  const http = { basePath: pathPrefix(options.basePath ?? '') }
  const aws = options.streaming === true ? streamingRuntime() : undefined
  if (options.bootAtInit !== false) {
    // The first invocation boots again, and may succeed.
    app.start(env, lambdaRuntime).catch((error: unknown) => app.options.onError?.(error, 'boot'))
  }
  const inLambda = process.env['AWS_LAMBDA_RUNTIME_API'] !== undefined
  const tracked: Track = inLambda ? stopOnTermination(app, { env, process }, afterSigterm) : (work) => work
  const invocationOf = (context: LambdaContext) => new LambdaInvocation(app, context, { env, deadlineMargin })
  if (aws !== undefined) {
    return aws.streamifyResponse(async (event, stream, context) => {
      const invocation = invocationOf(context)
      const known = httpEventOf(event)
      if (known !== undefined) return tracked(handleStreamed(known, { stream, aws }, { invocation, ...http }))
      const result = await tracked(handleEvent(event, on, invocation))
      stream.end(JSON.stringify(result ?? null))
    })
  }
  return (event, context) => {
    const invocation = invocationOf(context)
    const known = httpEventOf(event)
    return tracked(
      known === undefined ? handleEvent(event, on, invocation) : handleBuffered(known, { invocation, ...http }),
    )
  }
}

/**
 * `lambda(app, { ...options, on })`, for functions that no HTTP request triggers.
 *
 * @example
 * import { lambda } from 'lexigram-edge/lambda'
 *
 * export const handler = lambda.on(app, { schedule: (_event, scope) => scope.get(Reports).send() })
 */
lambda.on = (app: Application, on: EventHandlers, options: Omit<LambdaOptions, 'on'> = {}): LambdaHandler =>
  lambda(app, { ...options, on })

function checkMargin(deadlineMargin: number): void {
  if (deadlineMargin >= 0) return
  throw new UsageError('deadlineMargin is no number from 0', { hint: 'Give milliseconds, or leave it out for 500.' })
}

/** However it is written: with one slash in front, and none behind. */
function pathPrefix(basePath: string): string {
  const inner = basePath.replaceAll(/^\/+|\/+$/g, '')
  return inner === '' ? '' : `/${inner}`
}

function streamingRuntime(): AwsLambda {
  // Types of Lambda that may be installed declare it with types of their own.
  const { awslambda } = globalThis as unknown as { awslambda?: AwsLambda }
  if (awslambda !== undefined) return awslambda
  throw new UsageError('this runtime does not stream', {
    hint: 'Streaming needs Lambda’s Node runtime. Elsewhere use lambda(app) without { streaming: true }.',
  })
}
