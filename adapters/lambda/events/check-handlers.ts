import { UsageError } from '../../../src/runtime/index.ts'
import type { EventHandlers } from './handlers.ts'
import { sources } from './sources.ts'
import { other } from './sources/other.ts'

/** What would only show when an event comes, and then lose it. @throws UsageError `LEX_ERR_USE_001` */
export function checkHandlers(on: EventHandlers): void {
  if (typeof on !== 'object' || on === null) {
    throw new UsageError('on is no object', { hint: 'Give { sqs: …, schedule: … }, by what triggers the function.' })
  }
  for (const [name, given] of Object.entries(on) as [keyof EventHandlers, unknown][]) {
    const source = [...sources, other].find((known) => known.name === name)
    if (source === undefined) {
      const names = [...sources, other].map((known) => known.name)
      throw new UsageError(`on.${name} is no kind of event`, { hint: `There are: ${names.join(', ')}.` })
    }
    if (given === undefined || typeof given === 'function') continue
    const options: { handler?: unknown; concurrency?: unknown } =
      typeof given === 'object' && given !== null ? given : {}
    if (!source.takesOptions || typeof options.handler !== 'function') {
      const form = source.takesOptions ? 'a function or { handler: a function, … }' : 'a function'
      throw new UsageError(`on.${name} has no handler`, { hint: `Give ${form}.` })
    }
    const { concurrency = 1 } = options
    if (typeof concurrency !== 'number' || !(concurrency >= 1)) {
      throw new UsageError(`on.${name}.concurrency is no number from 1`, { hint: 'Leave it out for one at a time.' })
    }
  }
}
