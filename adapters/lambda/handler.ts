import { assertOptions, must, type OptionCheck } from '../../src/core/assert-options.ts'
import {
  assertApplication,
  stopOnTermination,
  UsageError,
  type Application,
  type Track,
} from '../../src/runtime/index.ts'
import { Environment, type EnvironmentSource } from './environment.ts'
import { checkHandlers } from './events/check-handlers.ts'
import { handleEvent } from './events/handle-event.ts'
import type { EventHandlers } from './events/handlers.ts'
import { handleBuffered } from './http/buffered.ts'
import { httpEventOf, type HttpEvent } from './http/event.ts'
import { handleStreamed } from './http/streamed.ts'
import { LambdaInvocation, type InvocationOptions } from './invocation.ts'
import type { AwsLambda, LambdaContext } from './platform.ts'

/** Options of `lambda`. */
export interface LambdaOptions {
  /** Handlers of events that are not HTTP requests, by what triggers the function. @default none */
  readonly on?: EventHandlers
  /**
   * What configuration is read from, or a function that makes it, async too: for secrets that come from SSM or Secrets
   * Manager. It is called once, when the application boots; after a failure again, with the next invocation.
   * @default process.env
   */
  readonly env?: EnvironmentSource
  /** Streams answers; the function needs `InvokeMode: RESPONSE_STREAM` or a streaming integration. @default false */
  readonly streaming?: boolean
  /** Boots while Lambda initialises the function, rather than with the first invocation. @default true */
  readonly bootAtInit?: boolean
  /** A path prefix that the routes do not know, for example a custom domain's base path. @default '' */
  readonly basePath?: string
  /**
   * Whether a body of this content type goes out as base64, rather than as text. A body that is compressed, or not valid
   * UTF-8, always does. @default false for types that say they are text
   */
  readonly isContentTypeBinary?: (contentType: string) => boolean
  /**
   * How long before the function's timeout signals abort, in milliseconds; at most half of the timeout. When half of this
   * time is left, work that has not answered is given up. @default 500
   */
  readonly deadlineMargin?: number
}

const checksBesideOn = {
  env: {
    expected: 'an object, or a function that returns one',
    holds: (value) => must.beObject.holds(value) || must.beFunction.holds(value),
  },
  streaming: must.beBoolean,
  bootAtInit: must.beBoolean,
  basePath: must.beText,
  isContentTypeBinary: must.beFunction,
  deadlineMargin: must.beNumberFrom(0),
} satisfies Readonly<Record<Exclude<keyof LambdaOptions, 'on'>, OptionCheck>>

// `checkHandlers` says which event source is meant.
const optionChecks = { ...checksBesideOn, on: must.beAnything }

/**
 * In milliseconds. Lambda sends SIGTERM only to functions with an extension, and kills them 300 ms later (500 ms with an
 * internal one).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
 */
const afterSigterm = { budget: 250, grace: 100 }

/**
 * What the function's module exports as `handler`. It is assignable to `SQSHandler` and all other handlers of
 * `@types/aws-lambda`: its answer is whatever the event's source takes.
 */
export type LambdaHandler = <Answer = unknown>(event: unknown, context: LambdaContext) => Promise<Answer>

/**
 * Makes a Lambda function of an application. HTTP events of API Gateway (REST and HTTP APIs), function URLs, load
 * balancers and VPC Lattice are recognized by their members, and so are the events that `on` has handlers for.
 *
 * An HTTP request without an answer before the function's timeout gets a 504; records that were not handled by then are
 * handed back.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options; from the handler, for an unknown event, with
 * the names of its members
 * @example
 * import { lambda } from 'lexigram-edge/lambda'
 *
 * export const handler = lambda(app, { on: { sqs: (message, scope) => scope.get(Orders).handle(message.body) } })
 */
export function lambda(app: Application, options: LambdaOptions = {}): LambdaHandler {
  assertApplication(app)
  assertOptions(options, optionChecks, 'the options of lambda')
  const { on = {}, deadlineMargin = 500, isContentTypeBinary } = options
  checkHandlers(on)
  const aws = options.streaming === true ? streamingRuntime() : undefined
  const environment = new Environment(options.env ?? process.env, (error) =>
    app.options.onError?.({ error, phase: 'boot' }),
  )
  const invocationOptions: InvocationOptions = { environment, deadlineMargin, initialBoot: undefined }
  const begin = (context?: LambdaContext) => new LambdaInvocation(app, context, invocationOptions)
  if (options.bootAtInit !== false) {
    // A failure is reported where it happens. The first invocation boots again, and may succeed.
    const forget = (): void => void (invocationOptions.initialBoot = undefined)
    invocationOptions.initialBoot = begin().boot().then(forget, forget)
  }
  const stop = async (): Promise<void> => {
    if (environment.current !== undefined) await app.stop(environment.current)
  }
  const inLambda = process.env['AWS_LAMBDA_RUNTIME_API'] !== undefined
  const track: Track = inLambda ? stopOnTermination(stop, process, afterSigterm) : (work) => work
  const http = { basePath: pathPrefix(options.basePath ?? ''), isContentTypeBinary }
  if (aws !== undefined) {
    const streamed = aws.streamifyResponse((event, stream, context) => {
      const target = { ...http, event, invocation: begin(context) }
      const known = requestIn(event)
      if (known !== undefined) return track(handleStreamed(known, { stream, aws }, target))
      const write = (answer: unknown) => void stream.end(JSON.stringify(answer ?? null))
      return track(handleEvent(event, on, target.invocation)).then(write)
    })
    return streamed as LambdaHandler // the runtime takes it as a handler
  }
  const buffered = (event: unknown, context: LambdaContext): Promise<unknown> => {
    const target = { ...http, event, invocation: begin(context) }
    const known = requestIn(event)
    return track(known === undefined ? handleEvent(event, on, target.invocation) : handleBuffered(known, target))
  }
  // An answer is what its event's source takes, and the caller knows which source that is.
  return buffered as LambdaHandler
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
  lambda(app, { ...assertOptions(options, checksBesideOn, 'the options of lambda.on'), on })

/** The event of a request. Events with records are batches, which no HTTP source sends. */
function requestIn(event: unknown): HttpEvent | undefined {
  const { Records: records }: { readonly Records?: unknown } = Object(event)
  return Array.isArray(records) ? undefined : httpEventOf(event)
}

/** Normalized: one slash in front, and none at the end. */
function pathPrefix(basePath: string): string {
  const inner = basePath.replaceAll(/^\/+|\/+$/g, '')
  return inner === '' ? '' : `/${inner}`
}

function streamingRuntime(): AwsLambda {
  // Types of Lambda that may be installed declare it with other types.
  const { awslambda } = globalThis as unknown as { awslambda?: AwsLambda }
  if (awslambda !== undefined) return awslambda
  throw new UsageError('this runtime cannot stream responses', {
    hint: 'Use Lambda’s Node runtime, or lambda(app) without { streaming: true }.',
  })
}
