import { assertOptions, must } from '../assert-options.ts'
import { withTokenIdentity, type TypedToken } from '../token.ts'
import { UsageError } from '../errors.ts'
import type { OutputOf, StandardSchemaV1 } from './standard-schema.ts'

export interface SectionOptions {
  /**
   * Names that the ecosystem already uses, by the dotted path of the setting that they fill when its own variable is
   * not set: `{ url: 'DATABASE_URL', 'mongodb.uri': ['MONGODB_URI', 'MONGO_URL'] }`. Earlier names win. @default {}
   */
  readonly aliases?: Readonly<Record<string, string | readonly string[]>>
  /** What the section is for; printed in the generated documentation. @default '' */
  readonly description?: string
}

/** A named part of the configuration. It is also the token by which its value is injected. */
export interface Section<out T> extends TypedToken<T> {
  readonly schema: StandardSchemaV1<unknown, T>
  /** Alias variables by dotted path. */
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly description: string
}

/** The type of a section's value. */
export type SectionValue<S> = S extends Section<infer T> ? T : never

/**
 * Makes a section out of any Standard Schema (this package's `setting.*`, zod, valibot, arktype …).
 *
 * @param name In camelCase; the variables are `LEX_<NAME>__<KEY>`.
 * @throws UsageError `LEX_ERR_USE_001` when the name cannot be written as a variable, or the schema is not one.
 * @example
 * import { section, setting, type SectionValue } from 'lexigram-edge'
 *
 * export const MailConfig = section('mail', setting.object({
 *   host: setting.string(),
 *   timeout: setting.withDefault(setting.duration(), '10s'),
 * }), { aliases: { host: 'SMTP_HOST' } })
 * export type MailConfig = SectionValue<typeof MailConfig>
 */
export function section<S extends StandardSchemaV1>(
  name: string,
  schema: S,
  options: SectionOptions = {},
): Section<OutputOf<S>> {
  const given: unknown = name
  if (typeof given !== 'string' || !/^[a-z][A-Za-z0-9]*$/.test(given)) {
    throw new UsageError(`"${String(given)}" cannot name a section`, { hint: 'Use letters and digits in camelCase.' })
  }
  // Schemas may be functions.
  if (!('~standard' in Object(schema))) {
    throw new UsageError(`section "${name}" must have a schema`, {
      hint: 'Pass setting.object({ … }), or any Standard Schema.',
    })
  }
  const { aliases: namesByPath = {}, description = '' } = assertOptions(
    options,
    { aliases: must.bePlainObject, description: must.beText },
    `the options of section "${name}"`,
  )
  const aliases = Object.entries(namesByPath).map(([path, names]) => [path, [names].flat()] as const)
  return withTokenIdentity(name, {
    schema,
    aliases: Object.fromEntries(aliases),
    description,
  })
}

/** True for sections, as opposed to bare schemas. @internal */
export function isSection(value: Section<unknown> | StandardSchemaV1): value is Section<unknown> {
  return 'schema' in Object(value) && 'aliases' in value
}
