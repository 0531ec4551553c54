import { normalKey } from '../core/setting/env-name.ts'
import { parseDuration } from '../core/setting/duration.ts'
import { parseBoolean, parseNumber } from '../core/setting/text.ts'
import { isContainer } from './env-value.ts'

/** Text that a schema has turned into a boolean, a number or a date. */
export interface CoercedText {
  readonly path: readonly string[]
  readonly text: string
  readonly output: boolean | number | Date
}

/**
 * The texts of `input` that became a boolean, a number or a date at the same keys of `output`. A value that a schema has
 * moved to other keys is not found.
 */
export function coercedTexts(input: unknown, output: unknown, path: readonly string[] = []): CoercedText[] {
  if (typeof input === 'string') return isCoercion(output) ? [{ path, text: input, output }] : []
  if (!isContainer(input) || typeof output !== 'object' || output === null) return []
  const spelling = new Map(Object.keys(output).map((key) => [normalKey(key), key]))
  return Object.entries(input).flatMap(([key, inner]) => {
    const found = Object.hasOwn(output, key) ? key : spelling.get(normalKey(key))
    const at: unknown = found === undefined ? undefined : Reflect.get(output, found)
    return coercedTexts(inner, at, [...path, key])
  })
}

/** Whether the text spells what the schema made of it. `false` for `'off'` that became `true`, and for `'soon'`. */
export function spells({ text, output }: Pick<CoercedText, 'text' | 'output'>): boolean {
  const trimmed = text.trim()
  if (typeof output === 'boolean') return parseBoolean(trimmed) === output
  if (typeof output === 'number') return parseNumber(trimmed) !== undefined || parseDuration(trimmed) !== undefined
  return parseDate(trimmed) !== undefined
}

/** What an issue says of a text that spells something else than the schema makes of it. */
export function expectedSpelling(output: CoercedText['output']): string {
  if (typeof output === 'boolean') return 'must be true or false (or yes, no, on, off, 1, 0)'
  if (typeof output === 'number') return 'must be a number'
  return 'must be a date, such as 2026-01-31 or 2026-01-31T12:00:00Z'
}

function isCoercion(output: unknown): output is CoercedText['output'] {
  return typeof output === 'boolean' || typeof output === 'number' || output instanceof Date
}

const isoDate =
  /^(?<year>[+-]?\d{4,6})-(?<month>\d{2})(?:-(?<day>\d{2}))?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i
/** As in HTTP and mail: `Tue, 05 Nov 2024 10:00:00 GMT`. */
const mailDate = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC|[+-]\d{4})$/
/** Nine digits and more are milliseconds since 1970; fewer are more likely a mistake. */
const milliseconds = /^-?\d{9,16}$/

/**
 * The date that a text spells in ISO 8601, as HTTP and mail write it, or in milliseconds since 1970; `undefined` for
 * anything else, also where `new Date(text)` would guess: `'banana 1'`, `'1'`, `'2024-02-31'`.
 *
 * @see https://tc39.es/ecma262/#sec-date-time-string-format
 */
function parseDate(text: string): Date | undefined {
  if (milliseconds.test(text)) return valid(new Date(Number(text)))
  const groups = isoDate.exec(text)?.groups
  if (groups === undefined) return mailDate.test(text) ? valid(new Date(text)) : undefined
  const { year, month, day = '1' } = groups
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return Number(day) > daysInMonth ? undefined : valid(new Date(text))
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date
}
