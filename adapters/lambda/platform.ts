import type { Writable } from 'node:stream'

/** The part of Lambda's context that the adapter uses. */
export interface LambdaContext {
  readonly awsRequestId: string
  readonly functionName?: string
  getRemainingTimeInMillis(): number
}

/** Node's stream to which a streamed answer is written; Lambda adds the content type. */
export interface ResponseStream extends Writable {
  setContentType?(type: string): void
}

/** What Lambda's Node runtime puts into the global scope for streamed answers. */
export interface AwsLambda {
  streamifyResponse(
    handler: (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>,
  ): (event: unknown, context: LambdaContext) => Promise<unknown>
  readonly HttpResponseStream: {
    from(stream: ResponseStream, metadata: Readonly<Record<string, unknown>>): ResponseStream
  }
}
