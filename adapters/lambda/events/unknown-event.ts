import { UsageError } from '../../../src/runtime/index.ts'
import { eventSourceOf } from './batch-source.ts'

/** Its message has names of members and constants of Amazon's: other values of an event are user data. */
export function unknownEvent(event: unknown, source?: string): UsageError {
  const what = source === undefined ? 'the event' : `the ${source} event`
  return new UsageError(`${what} cannot be handled: the function has no handler for it (${seenIn(event)})`, {
    hint: `Pass lambda(app, { on: { ${source ?? 'other'}: … } }), or remove the trigger.`,
  })
}

function seenIn(event: unknown): string {
  if (event === null) return 'null'
  if (Array.isArray(event)) return `an array of ${event.length}`
  if (typeof event !== 'object') return typeof event
  const { Records: records }: { readonly Records?: unknown } = event
  if (!Array.isArray(records))
    return [constantIn(event), namesIn(event)].filter((part) => part !== undefined).join(': ')
  const constants = [...new Set(Array.from(records, constantIn))]
  if (constants.length > 1) {
    return `Records of several sources: ${constants.map((constant) => constant ?? 'unknown').join(', ')}`
  }
  const [first]: readonly unknown[] = records
  if (typeof first !== 'object' || first === null) return `Records: ${records.length}`
  return constants[0] === undefined
    ? `Records with ${namesIn(first)}`
    : `Records of ${constants[0]} with ${namesIn(first)}`
}

/** An `eventSource` that is one of Amazon's constants, such as `aws:rmq`. */
function constantIn(members: unknown): string | undefined {
  const source = eventSourceOf(members)
  return typeof source === 'string' && /^aws:[a-z\d-]{1,40}$/.test(source) ? source : undefined
}

const maxNames = 20
const maxLength = 40

function namesIn(value: object): string {
  const names = Object.keys(value)
  const shown = names.slice(0, maxNames).map((name) => name.slice(0, maxLength))
  return names.length === 0 ? 'no members' : [...shown, ...(names.length > maxNames ? ['…'] : [])].join(', ')
}
