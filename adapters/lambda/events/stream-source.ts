import { UsageError } from '../../../src/runtime/index.ts'
import { batchSource, type BatchSource, handleBatch, textOr } from './batch-source.ts'
import type { EventSource, Members } from './event-source.ts'
import { handleOne } from './handle-one.ts'
import type { BatchOptions, WindowOptions } from './handlers.ts'
import { WindowFold, windowOf } from './window.ts'

export interface StreamSource<Event, Options> extends BatchSource<Event, Options> {
  /** As the ARN of a stream spells it. */
  readonly service: string
}

/** Makes an event source of a stream: a source of batches whose trigger may have a tumbling window. */
export function streamSource<Event, Options extends BatchOptions<never>, Windowed extends WindowOptions<never>>(
  source: StreamSource<Event, Options>,
): EventSource<Event & Members, Options['handler'] | Options | Windowed> {
  const batches = batchSource(source)
  return {
    name: source.name,
    options: 'stream',
    more: source.more ?? [],
    matches: (event) => source.matches(event) || isEmptyWindow(event, source.service),
    async handle(event, given, lambda) {
      const open = windowOf(event)
      if (typeof given === 'function' || !('window' in given)) {
        const answer = await batches.handle(event, given, lambda)
        // Lambda takes an answer without a state for a failure.
        return open === undefined ? answer : { ...(answer as object), state: open.state }
      }
      if (open === undefined) {
        const error = new UsageError(`on.${source.name}.window cannot be used: the event is not of a tumbling window`, {
          hint: 'Set TumblingWindowInSeconds in the trigger, or pass a handler.',
        })
        lambda.report(error, 'handler')
        throw error
      }
      const fold = new WindowFold<never>(open.state, given.window)
      const options = { ...given, handler: (record: never, scope: never) => fold.add(record, scope) }
      // A window is of one shard. Options of a window are those of batches but for the handler.
      const records = lambda.reporting(() => source.items(event, options as unknown as Options))
      const items = records.map((item) => ({
        ...item,
        group: 'window',
        settle: (isDone: boolean) => void (isDone && fold.keep()),
      }))
      const answer = await handleBatch({ source, options: given, items }, lambda)
      if (open.isFinal && answer?.batchItemFailures.length === 0) {
        await handleOne(
          { trigger: source.name, event },
          (_event, scope) => given.window.end?.(fold.state, open.window, scope),
          lambda,
        )
      }
      return { ...answer, state: fold.state }
    },
  }
}

/** The last event of a window when no record has come since the one before: only its ARN says where it is from. */
function isEmptyWindow({ Records: records, window, eventSourceARN: arn }: Members, service: string): boolean {
  if (typeof window !== 'object' || window === null || !Array.isArray(records) || records.length > 0) return false
  return textOr(arn, '').split(':', 3)[2] === service
}
