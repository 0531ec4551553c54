import { UsageError } from '../../../src/runtime/index.ts'
import { eventSourceOf } from './batch-source.ts'

/** Names of members only: an event's values are somebody's data. */
export function unknownEvent(event: unknown, source?: string): UsageError {
  const what = source === undefined ? 'an event' : `a ${source} event`
  return new UsageError(`the function got ${what} that it has no handler for (${seenIn(event)})`, {
    hint: `Pass lambda(app, { on: { ${source ?? 'other'}: … } }), or remove the trigger.`,
  })
}

function seenIn(event: unknown): string {
  if (event === null) return 'null'
  if (Array.isArray(event)) return `an array of ${event.length}`
  if (typeof event !== 'object') return typeof event
  const { Records: records } = event as { Records?: unknown }
  if (!Array.isArray(records)) return namesIn(event)
  const constants = [...new Set(Array.from(records, (record) => constantIn(record) ?? 'unknown'))]
  if (constants.length > 1) return `Records of several sources: ${constants.join(', ')}`
  const [first] = records as readonly unknown[]
  return typeof first === 'object' && first !== null ? `Records with ${namesIn(first)}` : `Records: ${records.length}`
}

/** An `eventSource` that is one of Amazon's constants, and so no data. */
function constantIn(record: unknown): string | undefined {
  const source = eventSourceOf(record)
  return typeof source === 'string' && /^aws:[a-z\d-]{1,40}$/.test(source) ? source : undefined
}

const maxNames = 20
const maxLength = 40

function namesIn(value: object): string {
  const names = Object.keys(value)
  const shown = names.slice(0, maxNames).map((name) => name.slice(0, maxLength))
  return names.length === 0 ? 'no members' : [...shown, ...(names.length > maxNames ? ['…'] : [])].join(', ')
}
