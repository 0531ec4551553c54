import { normalKey } from '../core/setting/env-name.ts'
import { parseDate } from '../core/setting/date.ts'
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
 * The texts of `input` at whose place in `output` stands a boolean, a number or a date. Places are compared by their
 * keys; what a schema has moved elsewhere is not found.
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
