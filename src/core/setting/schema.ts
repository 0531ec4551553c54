import { assertOptions } from '../assert-options.ts'
import { UsageError } from '../errors.ts'
import { parseDuration } from './duration.ts'
import { normalKey } from './env-name.ts'
import { createSchema, issuesUnder, refuse, unknownKey, type Schema } from './schema-node.ts'
import { toSecret, type Secret } from './secret.ts'
import {
  bindingChecks,
  durationChecks,
  numberChecks,
  settingChecks,
  stringChecks,
  type BindingOptions,
  type DurationOptions,
  type NumberOptions,
  type SettingOptions,
  type StringOptions,
} from './setting-options.ts'
import type { InputOf, OutputOf, StandardIssue } from './standard-schema.ts'
import { parseBoolean, parseJson, parseNumber } from './text.ts'

/** Text that is not empty. */
export function string(options: StringOptions = {}): Schema<string, string> {
  const { shape = 'text' } = assertOptions(options, stringChecks, 'the options of string')
  return createSchema(describe(shape, options), (input) =>
    typeof input === 'string' && input !== '' && (options.test?.(input) ?? true)
      ? { value: input }
      : refuse(`expected ${shape}`),
  )
}

/** A finite number. */
export function number(options: NumberOptions = {}): Schema<number, number | string> {
  assertOptions(options, numberChecks, 'the options of number')
  return numeric('a number', options, (input) => (typeof input === 'string' ? parseNumber(input.trim()) : input))
}

/** A whole number that JavaScript holds exactly. */
export function int(options: NumberOptions = {}): Schema<number, number | string> {
  assertOptions(options, numberChecks, 'the options of int')
  return numeric('a whole number', options, (input) => {
    const value = typeof input === 'string' ? parseNumber(input.trim()) : input
    return Number.isSafeInteger(value) ? value : undefined
  })
}

/**
 * A span of time, always given in milliseconds: `500ms`, `30s`, `5m`, `1h30m`, `2d`, or a number of `unit`s.
 * `min` and `max` are in milliseconds.
 */
export function duration(options: DurationOptions = {}): Schema<number, number | string> {
  assertOptions(options, durationChecks, 'the options of duration')
  const factor = options.unit === 's' ? 1000 : 1
  const bare = options.unit === 's' ? 'seconds' : 'milliseconds'
  return numeric(`a duration such as 30s, or a number of ${bare}`, { min: 0, ...options, suffix: ' ms' }, (input) => {
    const value = typeof input === 'string' ? parseNumber(input.trim()) : input
    if (typeof value === 'number') return value * factor
    return typeof input === 'string' ? parseDuration(input.trim()) : undefined
  })
}

/** `true`, `yes`, `on`, `1` or `false`, `no`, `off`, `0`. */
export function boolean(options: SettingOptions = {}): Schema<boolean, boolean | string> {
  assertOptions(options, settingChecks, 'the options of boolean')
  const shape = 'true or false'
  return createSchema(describe(shape, options), (input) => {
    const value = typeof input === 'string' ? parseBoolean(input.trim()) : input
    return typeof value === 'boolean' ? { value } : refuse(`expected ${shape}`)
  })
}

/** One of a few words. */
export function oneOf<const T extends string>(choices: readonly T[], options: SettingOptions = {}): Schema<T, T> {
  assertOptions(options, settingChecks, 'the options of oneOf')
  const shape = `one of ${choices.join(', ')}`
  return createSchema(describe(shape, options), (input) => {
    const value = choices.find((choice) => choice === input)
    return value === undefined ? refuse(`expected ${shape}`) : { value }
  })
}

/** An object that the platform provides, such as a KV namespace or Hyperdrive. It is passed on as it is. */
export function binding<T extends object>(options: BindingOptions = {}): Schema<T, T> {
  const { shape = 'a binding', members = [] } = assertOptions(options, bindingChecks, 'the options of binding')
  return createSchema(describe(shape, options), (input) => {
    const fits = typeof input === 'object' && input !== null && members.every((name) => name in input)
    // The platform's own type cannot be seen at run time; `members` is the evidence.
    return fits ? { value: input as T } : refuse(`expected ${shape}, given as an object by the platform`)
  })
}

/** Several values of one kind: indexed variables, a JSON list, or text parted by commas. */
export function list<T, I>(
  element: Schema<T, I>,
  options: SettingOptions = {},
): Schema<readonly T[], readonly I[] | string> {
  assertOptions(options, settingChecks, 'the options of list')
  const shape = `a list, each entry ${element.shape}`
  return createSchema({ ...describe(shape, options), element, secret: element.secret }, (input) => {
    const entries = typeof input === 'string' ? (parseJson(input) ?? splitAtCommas(input)) : input
    if (!Array.isArray(entries)) return refuse(`expected ${shape}`)
    const value: T[] = []
    const issues: StandardIssue[] = []
    entries.forEach((entry: unknown, index) => {
      const result = element.parse(entry)
      if (result.issues === undefined) value.push(result.value)
      else issues.push(...issuesUnder(index, result.issues))
    })
    return issues.length > 0 ? { issues } : { value }
  })
}

type Fields = Readonly<Record<string, Schema<unknown>>>

/** The values of an object schema. */
export type ObjectOf<F extends Fields> = { readonly [K in keyof F]: OutputOf<F[K]> }

/**
 * What an object schema takes: a setting that may be absent is an optional key. Other spellings of a key, and JSON as text,
 * are for the environment and not in the type.
 */
export type ObjectInputOf<F extends Fields> = {
  readonly [K in keyof F as undefined extends InputOf<F[K]> ? never : K]: InputOf<F[K]>
} & { readonly [K in keyof F as undefined extends InputOf<F[K]> ? K : never]?: InputOf<F[K]> }

/**
 * Named settings. Keys are matched without regard to case and underscores, so that `POOL_SIZE`, `pool_size` and
 * `poolSize` are one; a key that is not known is an issue, so that a misspelt setting does not go unnoticed.
 */
export function object<F extends Fields>(
  fields: F,
  options: SettingOptions = {},
): Schema<ObjectOf<F>, ObjectInputOf<F>> {
  assertOptions(options, settingChecks, 'the options of object')
  const shape = `an object with ${Object.keys(fields).join(', ')}`
  const keys = new Map(Object.keys(fields).map((key) => [normalKey(key), key]))
  return createSchema({ ...describe(shape, options), fields }, (input) => {
    const given = typeof input === 'string' ? parseJson(input) : (input ?? {})
    if (given === undefined) return refuse(`expected ${shape}, in JSON`)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return refuse(`expected ${shape}`)
    const issues: StandardIssue[] = []
    const entries = new Map<string, unknown>()
    for (const [name, entry] of Object.entries(given)) {
      const key = keys.get(normalKey(name))
      if (key === undefined) issues.push(unknownKey([name], Object.keys(fields), `; expected ${shape}`))
      else if (entries.has(key)) issues.push({ message: 'is given twice, spelt differently', path: [key] })
      else entries.set(key, entry)
    }
    const value: Record<string, unknown> = {}
    for (const [key, field] of Object.entries(fields)) {
      const result = field.parse(entries.get(key))
      if (result.issues === undefined) value[key] = result.value
      else issues.push(...issuesUnder(key, result.issues))
    }
    // Every key of `fields` has been read with the schema that sets its type.
    return issues.length > 0 ? { issues } : { value: value as ObjectOf<F> }
  })
}

/** Lets a setting be absent: `undefined` is then its value. */
export function optional<T, I>(schema: Schema<T, I>): Schema<T | undefined, I | undefined> {
  return createSchema<T | undefined, I | undefined>({ ...infoOf(schema), required: false }, (input) =>
    input === undefined ? { value: undefined } : schema.parse(input),
  )
}

/**
 * Lets a setting be absent, with a value for that case.
 *
 * @param value As it would be written in the environment (`'30s'`), or the equal number or boolean.
 * @throws UsageError `LEX_ERR_USE_001` when the schema does not accept the default.
 */
export function withDefault<T, I>(schema: Schema<T, I>, value: string | number | boolean): Schema<T, I | undefined> {
  const fallback = schema.parse(value)
  if (fallback.issues !== undefined) throw new UsageError(`the default of a setting must be ${schema.shape}`)
  return createSchema({ ...infoOf(schema), required: false, default: String(value) }, (input) =>
    input === undefined ? fallback : schema.parse(input),
  )
}

/** Hides the value: it prints as `[secret]` and only `reveal` returns it. */
export function secret<T, I>(schema: Schema<T, I>): Schema<Secret<T>, I> {
  return createSchema({ ...infoOf(schema), secret: true }, (input) => {
    const result = schema.parse(input)
    return result.issues === undefined ? { value: toSecret(result.value) } : result
  })
}

/**
 * Adds a rule that concerns several settings at once. It runs when each of them is acceptable by itself.
 *
 * @param check Returns the issues, each with the path of the setting to change; no values in messages.
 */
export function refine<T, I>(schema: Schema<T, I>, check: (value: T) => readonly StandardIssue[]): Schema<T, I> {
  return createSchema(infoOf(schema), (input) => {
    const result = schema.parse(input)
    if (result.issues !== undefined) return result
    const issues = check(result.value)
    return issues.length > 0 ? { issues } : result
  })
}

interface NumericOptions extends NumberOptions {
  /** Follows the limits where they are named. @default '' */
  readonly suffix?: string
}

function numeric(
  kind: string,
  options: NumericOptions,
  read: (input: unknown) => unknown,
): Schema<number, number | string> {
  const { min = -Infinity, max = Infinity, suffix = '' } = options
  const shape = `${kind}${rangeText(min, max, suffix)}`
  return createSchema(describe(shape, options), (input) => {
    const value = read(input)
    const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max
    return fits ? { value } : refuse(`expected ${shape}`)
  })
}

function rangeText(min: number, max: number, suffix: string): string {
  if (min === -Infinity && max === Infinity) return ''
  if (max === Infinity) return min === 0 ? ', not negative' : `, at least ${min}${suffix}`
  return min === -Infinity ? `, at most ${max}${suffix}` : ` from ${min} to ${max}${suffix}`
}

function describe(shape: string, { description = '' }: SettingOptions) {
  return { shape, description }
}

function infoOf({ parse: _parse, '~standard': _standard, ...info }: Schema<unknown>) {
  return info
}

function splitAtCommas(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}
