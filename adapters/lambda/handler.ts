import { UsageError, type Application } from '../../src/runtime/index.ts'
import { handleBuffered } from './http/buffered.ts'
import { httpEventOf } from './http/event.ts'
import { handleStreamed } from './http/streamed.ts'
import { lambdaRuntime } from './invocation.ts'
import type { AwsLambda, LambdaContext } from './platform.ts'

export interface LambdaOptions {
  /** What configuration is read from. @default process.env */
  readonly env?: object
  /** Streams answers; the function needs `InvokeMode: RESPONSE_STREAM` or a streaming integration. @default false */
  readonly streaming?: boolean
  /** Boots while Lambda initialises the function, rather than with the first invocation. @default true */
  readonly bootAtInit?: boolean
  /** A path prefix that the routes do not know, for example a custom domain's base path. @default '' */
  readonly basePath?: string
  /** How long before the function's timeout signals abort, in milliseconds. @default 500 */
  readonly deadlineMargin?: number
}

/** What the function's module exports as `handler`. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>

/**
 * Makes a Lambda function of an application. HTTP events of API Gateway (REST and HTTP APIs), function URLs, load
 * balancers and VPC Lattice are told apart by what they carry.
 *
 * @throws UsageError `LEX_ERR_USE_001` from the handler, for an event that it does not know; names its members
 * @example
 * import { lambda } from 'lexigram-edge/lambda'
 *
 * export const handler = lambda(app)
 */
export function lambda(app: Application, options: LambdaOptions = {}): LambdaHandler {
  const { env = process.env, basePath = '', deadlineMargin = 500 } = options
  const http = { env, basePath, deadlineMargin }
  if (options.bootAtInit !== false) {
    // A failure is told to the first invocation, which boots again.
    app.start(env, lambdaRuntime).catch(() => {})
  }
  if (options.streaming === true) {
    const aws = streamingRuntime()
    return aws.streamifyResponse((event, stream, context) => {
      const known = httpEventOf(event)
      if (known === undefined) throw unknownEvent(event)
      return handleStreamed(app, known, { stream, context, aws }, http)
    })
  }
  return async (event, context) => {
    const known = httpEventOf(event)
    if (known !== undefined) return handleBuffered(app, known, context, http)
    throw unknownEvent(event)
  }
}

function streamingRuntime(): AwsLambda {
  const { awslambda } = globalThis as { awslambda?: AwsLambda }
  if (awslambda !== undefined) return awslambda
  throw new UsageError('this runtime does not stream', {
    hint: 'Streaming needs Lambda’s Node runtime. Elsewhere use lambda(app) without { streaming: true }.',
  })
}

/** Names of members only: an event's values are somebody's data. */
function unknownEvent(event: unknown): UsageError {
  const seen = typeof event === 'object' && event !== null ? Object.keys(event).join(', ') : typeof event
  return new UsageError(`the function got an event that it has no handler for (${seen})`, {
    hint: 'Remove the trigger, or handle its events.',
  })
}
