/**
 * The types of Standard Schema v1, by which any validation library can be used without depending upon one.
 *
 * @see https://standardschema.dev
 */

/** What every schema of zod, valibot, arktype and this package has. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': StandardProps<Input, Output>
}

export interface StandardProps<Input = unknown, Output = Input> {
  readonly version: 1
  /** Name of the library that made the schema. */
  readonly vendor: string
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
  /** Exists for the compiler only. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined
}

export type StandardResult<Output> = StandardSuccess<Output> | StandardFailure

export interface StandardSuccess<Output> {
  readonly value: Output
  readonly issues?: undefined
}

export interface StandardFailure {
  readonly issues: readonly StandardIssue[]
}

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The type of the values that a schema lets through. */
export type OutputOf<S extends StandardSchemaV1> = NonNullable<S['~standard']['types']>['output']

/** The type of the values that a schema takes. */
export type InputOf<S extends StandardSchemaV1> = NonNullable<S['~standard']['types']>['input']

/** The steps of an issue's path as text: `[{ key: 'backends' }, 0]` becomes `['backends', '0']`. */
export function pathOf(issue: StandardIssue): string[] {
  return (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step))
}
