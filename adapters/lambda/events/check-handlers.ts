import { assertOptions, must, type OptionCheck, type OptionChecks } from '../../../src/core/assert-options.ts'
import { UsageError } from '../../../src/runtime/index.ts'
import type { EventSource, OwnOption } from './event-source.ts'
import type { EventHandlers } from './handlers.ts'
import { sources } from './sources.ts'
import { other } from './sources/other.ts'

const all: readonly EventSource[] = [...sources, other]

/** Refuses what would only show when an event comes, and then lose it. @throws UsageError `LEX_ERR_USE_001` */
export function checkHandlers(on: EventHandlers): void {
  if (typeof on !== 'object' || on === null) {
    throw new UsageError('on must be an object', {
      hint: 'Pass { sqs: …, schedule: … }, by what triggers the function.',
    })
  }
  for (const [name, given] of Object.entries(on) as [string, unknown][]) {
    const source = all.find((known) => known.name === name)
    if (source === undefined) {
      throw new UsageError(`on cannot have ${name}: no event source has this name`, {
        hint: `Use one of the names ${all.map((known) => known.name).join(', ')}.`,
      })
    }
    if (given !== undefined && typeof given !== 'function') checkOptions(source, Object(given))
  }
}

const forms: Readonly<Record<EventSource['options'], string>> = {
  none: 'a function',
  batch: 'a function, or an object whose handler is a function',
  stream: 'a function, or an object whose handler, or whose window.add, is a function',
}

const beAdding: OptionCheck = {
  expected: 'an object whose add, and whose end, if there is one, are functions',
  holds: isWindowHandlers,
}

const own: Readonly<Record<OwnOption, OptionCheck>> = {
  partialFailures: must.beBoolean,
  body: must.beOneOf('json', 'text', 'bytes'),
  onRetryDelay: must.beFunction,
}

function checkOptions({ name, options: form, more = [] }: EventSource, given: Given): void {
  const { handler, window } = given
  const isWindow = form === 'stream' && window !== undefined
  const isRight = isWindow ? handler === undefined && isWindowHandlers(window) : typeof handler === 'function'
  if (form === 'none' || !isRight) throw new UsageError(`on.${name} must be ${forms[form]}`)
  if (isWindow && given.concurrency !== undefined) {
    throw new UsageError(`on.${name}.concurrency cannot be used with a window: its records are added in their order`)
  }
  const checks: OptionChecks = {
    handler: must.beFunction,
    onBatch: must.beFunction,
    concurrency: must.beNumberFrom(1),
    ...(form === 'stream' && { window: beAdding }),
    ...Object.fromEntries(more.map((option) => [option, own[option]])),
  }
  assertOptions(given, checks, `on.${name}`)
}

interface Given {
  readonly handler?: unknown
  readonly window?: unknown
  readonly concurrency?: unknown
}

function isWindowHandlers(value: unknown): boolean {
  const { add, end }: { readonly add?: unknown; readonly end?: unknown } = Object(value)
  return typeof add === 'function' && (end === undefined || typeof end === 'function')
}
