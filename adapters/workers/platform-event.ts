import { kindOf } from '../../src/core/plain-object.ts'
import { UsageError } from '../../src/runtime/index.ts'
import type { QueueBatch, QueueMessage } from './platform.ts'

/** Refuses what the platform never sends, as a program that calls a Worker by hand may. @throws UsageError `LEX_ERR_USE_001` */
export function assertEvent(event: unknown, what: string): asserts event is Readonly<Record<string, unknown>> {
  if (typeof event === 'object' && event !== null) return
  throw new UsageError(`${what} must be an object, not ${kindOf(event)}`)
}

/** What the adapter itself needs of a message, to acknowledge it or have it delivered again. */
const ofMessage = { id: 'string', ack: 'function', retry: 'function' } satisfies Partial<
  Record<keyof QueueMessage, 'string' | 'function'>
>

/** @throws UsageError `LEX_ERR_USE_001` that names the member */
export function assertBatch(batch: QueueBatch): void {
  const given: unknown = batch
  assertEvent(given, 'the batch of a queue')
  const { queue, messages } = given
  if (typeof queue !== 'string') throw wrong('queue of a batch', 'text', queue)
  if (!Array.isArray(messages)) throw wrong('messages of a batch', 'an array', messages)
  // Holes of the array too, which `forEach` would skip.
  for (const message of [...(messages as readonly unknown[])]) {
    assertEvent(message, 'a message of a batch')
    for (const [member, type] of Object.entries(ofMessage)) {
      const value = message[member]
      if (typeof value !== type) throw wrong(`${member} of a message`, type === 'string' ? 'text' : 'a function', value)
    }
  }
}

function wrong(what: string, expected: string, value: unknown): UsageError {
  return new UsageError(`the ${what} must be ${expected}, not ${kindOf(value)}`, {
    hint: 'Add it to a batch made by hand; Cloudflare always sends it.',
  })
}
