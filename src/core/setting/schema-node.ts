import type { StandardIssue, StandardResult, StandardSchemaV1 } from './standard-schema.ts'

/** What is known of a setting before any value is seen; `docs/configuration.md` is made from it. */
export interface SchemaInfo {
  /** What the value must be, to follow "expected": `a whole number from 1 to 100`. */
  readonly shape: string
  /** What the setting is for. */
  readonly description: string
  readonly required: boolean
  readonly secret: boolean
  /** The default as it would be written in the environment. */
  readonly default?: string
  /** The settings of an object, by key. */
  readonly fields?: Readonly<Record<string, SchemaInfo>>
  /** What each entry of a list is. */
  readonly element?: SchemaInfo
}

/**
 * A schema of this package: a Standard Schema that reads text as the environment holds it, and describes itself. `I` is
 * what callers that are type-checked pass, such as clients of `hc`; `parse` takes anything and says what is wrong with it.
 */
export interface Schema<T, I = unknown> extends StandardSchemaV1<I, T>, SchemaInfo {
  /** Reads a value; never throws and never changes what it is given. */
  readonly parse: (input: unknown) => StandardResult<T>
}

/** An issue about a key that means nothing, with those that were possible instead. @internal */
export interface UnknownKeyIssue extends StandardIssue {
  readonly known: readonly string[]
}

/** @internal */
export function unknownKey(path: readonly string[], known: readonly string[], expected = ''): UnknownKeyIssue {
  return { message: `is not a setting here${expected}`, path, known }
}

/** True for schemas of this package, which turn text into numbers, booleans, lists and objects by themselves. */
export function isSchema(schema: StandardSchemaV1): schema is Schema<unknown> {
  return schema['~standard'].vendor === vendor
}

const vendor = 'lexigram-edge'

/** @internal */
export function createSchema<T, I>(
  info: Partial<SchemaInfo> & { readonly shape: string },
  parse: (input: unknown) => StandardResult<T>,
): Schema<T, I> {
  return {
    description: '',
    required: true,
    secret: false,
    ...info,
    parse,
    '~standard': { version: 1, vendor, validate: parse },
  }
}

/** @internal */
export function refuse(
  message: string,
  path: readonly PropertyKey[] = [],
): { readonly issues: readonly StandardIssue[] } {
  return { issues: [{ message, path }] }
}

/** The issues of an entry, as seen from what holds it. @internal */
export function issuesUnder(key: PropertyKey, issues: readonly StandardIssue[]): StandardIssue[] {
  return issues.map((issue) => ({ ...issue, path: [key, ...(issue.path ?? [])] }))
}
