import { DynamoFailure, type FailureDetails } from '../errors.ts'

/** What the SDK throws: for an answer of the service with `$fault`, else without. */
interface SdkError {
  readonly name?: unknown
  readonly message?: unknown
  readonly $fault?: unknown
  readonly $metadata?: { readonly attempts?: unknown; readonly httpStatusCode?: unknown }
  readonly CancellationReasons?: FailureDetails['reasons']
  readonly ThrottlingReasons?: FailureDetails['throttling']
  readonly Item?: FailureDetails['item']
}

/** Found before anything is sent. */
const unsent = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError'])

export function failureOfSdk(error: unknown, signal: AbortSignal): DynamoFailure {
  // Every member of it may be absent.
  const { name, message, $fault, $metadata, CancellationReasons, ThrottlingReasons, Item } = Object(error) as SdkError
  const failure = new DynamoFailure(codeOf({ name, $fault }, signal), {
    ...(CancellationReasons !== undefined && { reasons: CancellationReasons }),
    ...(ThrottlingReasons !== undefined && { throttling: ThrottlingReasons }),
    ...(Item !== undefined && { item: Item }),
    ...(typeof message === 'string' && { answer: message }),
    cause: signal.aborted ? signal.reason : error,
  })
  // The SDK repeats requests itself, so that an earlier one may have been carried out.
  failure.mayBeDone = typeof $metadata?.attempts === 'number' && $metadata.attempts > 1
  return failure
}

function codeOf({ name, $fault }: Pick<SdkError, 'name' | '$fault'>, signal: AbortSignal): string {
  if (signal.aborted) return 'Cancelled'
  if (typeof name === 'string' && unsent.has(name)) return name
  const isAnswer = $fault === 'client' || $fault === 'server'
  // A server's error without a name says nothing.
  return isAnswer && typeof name === 'string' && name !== 'Error' ? name : 'Network'
}
