import { textOr } from './batch-source.ts'
import { isResult, ok, UsageError, type Scope } from '../../../src/runtime/index.ts'
import type { Members } from './event-source.ts'
import type { TumblingWindow, WindowHandlers, WindowState } from './handlers.ts'

/** What an event says of the tumbling window that its records are in. */
export interface OpenWindow {
  readonly window: TumblingWindow
  readonly state: WindowState
  /** Whether no more records of the window come after this event. */
  readonly isFinal: boolean
}

/**
 * Undefined where the trigger has no window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 */
export function windowOf({ window, state, shardId, ...flags }: Members): OpenWindow | undefined {
  if (!isObject(window)) return undefined
  const isTerminatedEarly = flags['isWindowTerminatedEarly'] === true
  return {
    window: {
      start: new Date(textOr(window['start'], '')),
      end: new Date(textOr(window['end'], '')),
      shardId: textOr(shardId, ''),
      isTerminatedEarly,
    },
    state: isObject(state) ? state : {},
    // The rest of a window that was too large begins with a new state: this call is the last one that sees the old state.
    isFinal: flags['isFinalInvokeForWindow'] === true || isTerminatedEarly,
  }
}

/** The state of a window while a batch of its records is added to it, one after the other. */
export class WindowFold<TRecord> {
  /** With all records that are done. */
  state: WindowState
  readonly #handlers: WindowHandlers<TRecord>
  #next: WindowState

  constructor(state: WindowState, handlers: WindowHandlers<TRecord>) {
    this.state = this.#next = state
    this.#handlers = handlers
  }

  /** Adds a record. The new state counts once `keep` was called. */
  async add(record: TRecord, scope: Scope): Promise<unknown> {
    // A copy, so that the changes of a record that fails are dropped.
    const given = structuredClone(this.state)
    const outcome: unknown = await this.#handlers.add(given, record, scope)
    const result = isResult(outcome) ? outcome : ok(outcome)
    if (!result.ok) return result
    const next = result.value ?? given
    if (!isObject(next)) throw new UsageError('the state of a window must be an object')
    this.#next = next
    return undefined
  }

  keep(): void {
    this.state = this.#next
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
