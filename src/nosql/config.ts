import { cursorSecretAlias, cursorSecretSetting } from '../core/cursor/cursor-secret.ts'
import { normalKey } from '../core/setting/env-name.ts'
import { namedEntryFields, namedEntryIssues } from '../core/setting/named-entries.ts'
import { createSchema, type Schema, type SchemaInfo } from '../core/setting/schema-node.ts'
import { list, object, oneOf, optional, refine, string, withDefault } from '../core/setting/schema.ts'
import { section, type Section, type SectionValue } from '../core/setting/section.ts'
import { parseJson } from '../core/setting/text.ts'
import type { DocumentDriverSettings } from './contract/driver.ts'

/** What a driver adds to the section. */
export interface DriverSection {
  readonly name: string
  readonly settings?: DocumentDriverSettings<unknown>
}

const driverName = optional(string({ description: 'Name of a listed driver; optional if only one is listed.' }))

const { name, primary } = namedEntryFields('DocumentStore', 'store')
const backendFields = { name, driver: driverName, primary }

const storeFields = {
  driver: driverName,
  scans: withDefault(
    oneOf(['allow', 'warn', 'deny'], { description: 'What to do about scans, and about sorts outside the backend.' }),
    'warn',
  ),
  cursorSecret: cursorSecretSetting(),
}

/**
 * Section `nosql`: `LEX_NOSQL__DRIVER`, `LEX_NOSQL__BACKENDS__0__NAME`, … The sections of drivers in it, such as
 * `LEX_NOSQL__<DRIVER>__…`, are read by `noSqlProvider`, which knows the drivers.
 */
export const NoSqlConfig = section('nosql', schemaWith([], isNested), {
  aliases: { cursorSecret: cursorSecretAlias },
  description: 'The document stores.',
})
/** The settings of the section `nosql`. */
export type NoSqlConfig = SectionValue<typeof NoSqlConfig>

/**
 * The same with the settings of these drivers.
 *
 * @param isForeign Which nested sections belong to drivers that are not listed, and are left alone.
 */
export function noSqlSection(
  drivers: readonly DriverSection[],
  isForeign: (key: string, value: unknown, known: readonly string[]) => boolean,
): Section<NoSqlConfig & Readonly<Record<string, unknown>>> {
  const aliases = drivers.flatMap(({ name, settings }) =>
    Object.entries(settings?.aliases ?? {}).map(([key, names]) => [`${name}.${key}`, names] as const),
  )
  return section('nosql', schemaWith(drivers, isForeign), {
    aliases: { ...NoSqlConfig.aliases, ...Object.fromEntries(aliases) },
    description: NoSqlConfig.description,
  })
}

/** Whether a value is a section and not a setting: a driver's, whatever driver that is. */
export function isNested(_key: string, value: unknown): boolean {
  const given = typeof value === 'string' ? parseJson(value) : value
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function schemaWith(
  drivers: readonly DriverSection[],
  isForeign: (key: string, value: unknown, known: readonly string[]) => boolean,
) {
  const sections: Record<string, Schema<unknown>> = {}
  for (const { name, settings } of drivers) sections[name] = optional(settings?.schema ?? object({}))
  const backend = withoutForeign(object({ ...backendFields, ...sections }), isForeign)
  const fields = {
    ...storeFields,
    backends: optional(list(backend, { description: 'Several named stores, in place of the single one above.' })),
  }
  return refine(withoutForeign(object({ ...sections, ...fields }), isForeign), ({ backends = [] }) =>
    namedEntryIssues(backends),
  )
}

/** Leaves out what belongs to drivers that are not known here. */
function withoutForeign<T>(
  schema: Schema<T>,
  isForeign: (key: string, value: unknown, known: readonly string[]) => boolean,
): Schema<T> {
  const known = Object.keys(schema.fields ?? {})
  const isKnown = new Set(known.map(normalKey))
  return createSchema(infoOf(schema), (input) => {
    const given = typeof input === 'string' ? parseJson(input) : input
    if (!isNested('', given)) return schema.parse(input)
    const kept = Object.entries<unknown>(Object(given)).filter(
      ([key, value]) => isKnown.has(normalKey(key)) || !isNested(key, value) || !isForeign(key, value, known),
    )
    return schema.parse(Object.fromEntries(kept))
  })
}

function infoOf({ parse: _parse, '~standard': _standard, ...info }: Schema<unknown>): SchemaInfo {
  return info
}
