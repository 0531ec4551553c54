import { UsageError } from '../../../src/runtime/index.ts'

/** Names of members only: an event's values are somebody's data. */
export function unknownEvent(event: unknown, source?: string): UsageError {
  const seen = typeof event === 'object' && event !== null ? Object.keys(event).join(', ') : typeof event
  const what = source === undefined ? 'an event' : `a ${source} event`
  return new UsageError(`the function got ${what} that it has no handler for (${seen})`, {
    hint: `Pass lambda(app, { on: { ${source ?? 'other'}: … } }), or remove the trigger.`,
  })
}
