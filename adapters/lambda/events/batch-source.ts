import {
  BadRequestError,
  runBatch,
  UsageError,
  type BatchEntry,
  type Scope,
  type TraceParent,
} from '../../../src/runtime/index.ts'
import { fromBase64 } from '../base64.ts'
import type { LambdaInvocation } from '../invocation.ts'
import type { EventSource, Members } from './event-source.ts'
import type { BatchOptions, BodyFormat, RecordOptions } from './handlers.ts'

/** One record of a batch, ready to be handled. */
export interface RecordItem extends Omit<BatchEntry, 'run'> {
  /** By what Lambda knows the record in `batchItemFailures`. */
  readonly itemIdentifier: unknown
  readonly record: unknown
  readonly traceParent?: TraceParent | undefined
  /** Reads the record and calls the handler. */
  readonly run: (scope: Scope) => unknown
}

/** An event source whose events are batches. */
export interface BatchSource<Event, Options> extends Pick<EventSource, 'name' | 'matches' | 'more'> {
  /** Whether Lambda takes the first failure of a group for where to go on, so that the others need no mention. */
  readonly checkpoints: boolean
  /**
   * Whether Lambda reads which records failed; otherwise any failure fails the whole batch. `never` where no trigger
   * reads it, otherwise what holds unless the handler's options say so.
   */
  readonly partialFailures: boolean | 'never'
  /** @throws UsageError `LEX_ERR_USE_001` for a record without the id that Lambda needs when it fails */
  items(event: Event, options: Options): readonly RecordItem[]
}

export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: unknown }[]
}

/** Makes an event source of a source of batches: each record is handled in its own scope, by the source's rules. */
export function batchSource<Event, Options extends RecordOptions<never>>(
  source: BatchSource<Event, Options>,
): EventSource<Event, Options['handler'] | Options> {
  return {
    name: source.name,
    options: 'batch',
    more: source.more ?? [],
    matches: source.matches,
    async handle(event, given, lambda) {
      // All options but the handler may be left out.
      const options = typeof given === 'function' ? ({ handler: given } as Options) : given
      return handleBatch({ source, options, items: lambda.reporting(() => source.items(event, options)) }, lambda)
    },
  }
}

interface Batch {
  readonly source: Omit<BatchSource<never, never>, 'items'>
  readonly options: Pick<BatchOptions<never>, 'onBatch' | 'partialFailures'> & {
    readonly concurrency?: number | undefined
  }
  readonly items: readonly RecordItem[]
}

/**
 * Handles each record in its own scope. Begins no record after the deadline; records that are not done by then are handed back.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function handleBatch(
  { source, options, items }: Batch,
  lambda: LambdaInvocation,
): Promise<BatchAnswer | undefined> {
  const { concurrency, onBatch } = options
  const { handedBack } = await runBatch(
    items.map((item) => ({ ...item, run: () => lambda.run(item.record, item.run, { ...item, trigger: source.name }) })),
    {
      source: source.name,
      concurrency,
      mayBegin: () => !lambda.isOver,
      onError: (error, id) => lambda.report(error, 'handler', id),
      onBatch: onBatch && ((summary) => lambda.inTime(Promise.resolve(onBatch(summary)))),
      tracer: lambda.tracer,
    },
  )
  const reportsSingle = source.partialFailures !== 'never' && (options.partialFailures ?? source.partialFailures)
  if (handedBack.length > 0 && !reportsSingle) {
    throw new Error(`${handedBack.length} of ${items.length} records were not handled`)
  }
  if (source.partialFailures === 'never') return undefined
  return answerOf(source.checkpoints ? firstOfGroups(handedBack) : handedBack)
}

function answerOf(failed: readonly RecordItem[]): BatchAnswer {
  // A standard queue may deliver a message twice, even in one batch.
  const identifiers = new Set(failed.map(({ itemIdentifier }) => itemIdentifier))
  return { batchItemFailures: [...identifiers].map((itemIdentifier) => ({ itemIdentifier })) }
}

function firstOfGroups(items: readonly RecordItem[]): RecordItem[] {
  return [...Map.groupBy(items, (item) => item.group ?? item).values()].flatMap((group) => group.slice(0, 1))
}

/** Matches events whose records all have this `eventSource`. */
export function recordsOf(constant: string): (event: Members) => boolean {
  return ({ Records: records }) => {
    if (!Array.isArray(records) || records.length === 0) return false
    // Copied, as a list with holes would pass.
    return [...(records as readonly unknown[])].every((record) => eventSourceOf(record) === constant)
  }
}

/** Amazon's name of what a record comes from; SNS spells the member in its own way. */
export function eventSourceOf(record: unknown): unknown {
  const members: Members = Object(record)
  return members['eventSource'] ?? members['EventSource']
}

/** Reads the body of a record. @throws BadRequestError `LEX_ERR_DOM_001` for what cannot be read so; its message has nothing of the content */
export function readBody(given: unknown, encoding: 'utf8' | 'base64', format: BodyFormat = 'json'): unknown {
  const bytes = bytesOf(given, encoding)
  if (format === 'bytes') return new Uint8Array(bytes)
  const text = bytes.toString('utf8')
  if (format === 'text') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The parser's own message quotes what it has read.
    throw new BadRequestError('the body of a record must be JSON', {
      hint: "Pass { handler, body: 'text' } or { handler, body: 'bytes' } if it is not meant to be.",
    })
  }
}

function bytesOf(given: unknown, encoding: 'utf8' | 'base64'): Buffer {
  if (typeof given !== 'string') throw new BadRequestError('the body of a record must be a string')
  const bytes = encoding === 'utf8' ? Buffer.from(given) : fromBase64(given)
  if (bytes === undefined) throw new BadRequestError('the body of a record must be base64')
  return bytes
}

/**
 * What Lambda must know about a failed record, so that an event without it cannot be handled safely. An event that is made
 * by hand may have anything in its members, and JavaScript throws when it converts an object such as `{ toString: 0 }`.
 */
export function required(value: unknown, member: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw missing(member)
}

export function requiredNumber(value: unknown, member: string): number {
  if (typeof value === 'number') return value
  throw missing(member)
}

function missing(member: string): UsageError {
  return new UsageError(`a record of the event must have its ${member}`, {
    hint: 'Add it to an event made by hand; Lambda always sends it.',
  })
}

/** What Lambda always sends, and a record can be handled without. */
export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

/** A number, or a text that is one, as in the attributes of SQS. NaN for anything else that is present. */
export function numberOr(value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
}
