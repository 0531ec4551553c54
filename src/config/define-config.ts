import { assertEnvironment } from '../core/assert-argument.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { UsageError } from '../core/errors.ts'
import { ConfigurationError } from './configuration-error.ts'
import { loadSection } from './load-section.ts'
import { findMisspeltAliases, findStrays } from './stray-variables.ts'
import { isSection, section, type Section, type SectionValue } from '../core/setting/section.ts'
import type { OutputOf, StandardSchemaV1 } from '../core/setting/standard-schema.ts'

/** Sections, or bare schemas that become sections named after their keys. */
export type SectionMap = Readonly<Record<string, Section<unknown> | StandardSchemaV1>>

/** The type of a section or of what a bare schema lets through. */
export type ValueOfEntry<E> =
  E extends Section<unknown> ? SectionValue<E> : E extends StandardSchemaV1 ? OutputOf<E> : never

/** The values of all sections, by key. */
export type ConfigValues<S extends SectionMap> = { readonly [K in keyof S]: ValueOfEntry<S[K]> }

/** What an application reads from its environment. */
export interface ConfigDefinition<S extends SectionMap = SectionMap> {
  /** Each section, which is also the token of its value; those made of bare schemas too. */
  readonly sections: { readonly [K in keyof S]: Section<ValueOfEntry<S[K]>> }
  /**
   * Reads and validates all sections. The environment is never written to. The same environment object is read once:
   * later calls return the same values; a failure is not kept.
   *
   * @param env `env` of a Worker, `process.env`, or any object with the same names.
   * @throws ConfigurationError `LEX_ERR_CFG_001` with every problem of every section at once; UsageError `LEX_ERR_USE_001`
   * for an environment that is not an object
   */
  load(env: object, options?: LoadOptions): Promise<ConfigValues<S>>
}

export interface LoadOptions {
  /**
   * Called with variables that belong to no section and whose name is close to a setting that is not set. They may be
   * another application's, so they refuse nothing by themselves. @default they are named only beside other problems
   */
  readonly onWarning?: (warning: ConfigurationError) => void
}

const loadChecks = { onWarning: must.beFunction } satisfies Readonly<Record<keyof LoadOptions, OptionCheck>>

/**
 * Declares what an application reads from its environment: `LEX_<SECTION>__<KEY>` variables, the aliases that the
 * sections declare, and objects that the platform binds.
 *
 * @param sections Sections, or any Standard Schema. Each can be injected: `definition.sections.catalog` is a token.
 * @throws UsageError `LEX_ERR_USE_001` when two sections have the same name, or one is not a schema.
 * @example
 * import { defineConfig, setting } from 'lexigram-edge'
 *
 * const config = defineConfig({
 *   catalog: setting.object({ pageSize: setting.withDefault(setting.int({ min: 1 }), 20) }),
 * })
 */
export function defineConfig<const S extends SectionMap>(sections: S): ConfigDefinition<S> {
  if (typeof sections !== 'object' || sections === null) {
    throw new UsageError('the argument of defineConfig must be an object of sections', {
      hint: 'defineConfig({ database: DatabaseConfig })',
    })
  }
  const entries = Object.entries(sections).map(
    ([key, entry]) => [key, isSection(entry) ? entry : section(key, entry)] as const,
  )
  const names = new Set<string>()
  for (const [, { name }] of entries) {
    if (names.has(name))
      throw new UsageError(`two sections cannot have the same name "${name}"`, {
        hint: 'Rename one of them.',
      })
    names.add(name)
  }
  // Each entry is its own section, or was made just now from the schema under its key.
  const defined = Object.fromEntries(entries) as ConfigDefinition<S>['sections']
  // By environment, so that one isolate validates once and a changed binding is seen.
  const loaded = new WeakMap<object, ConfigValues<S>>()
  return {
    sections: defined,
    async load(env, options = {}) {
      assertEnvironment(env)
      assertOptions(options, loadChecks, 'the options of load')
      const known = loaded.get(env)
      if (known !== undefined) return known
      const config = await readSections<S>(defined, env, options)
      loaded.set(env, loaded.get(env) ?? config)
      return loaded.get(env) ?? config
    },
  }
}

async function readSections<S extends SectionMap>(
  sections: ConfigDefinition<S>['sections'],
  env: object,
  { onWarning }: LoadOptions,
): Promise<ConfigValues<S>> {
  const entries = Object.entries<Section<unknown>>(sections)
  const results = await Promise.all(entries.map(([, entry]) => loadSection(entry, env)))
  const issues = results.flatMap((result) => ('issues' in result ? result.issues : []))
  const strays = await findStrays(Object.values(sections), env)
  if (issues.length > 0) throw new ConfigurationError([...issues, ...strays, ...findMisspeltAliases(issues, env)])
  if (strays.length > 0) onWarning?.(new ConfigurationError(strays))
  const values = results.map((result, index) => [entries[index]?.[0], 'value' in result ? result.value : undefined])
  // Every section's value has the type of its schema.
  return Object.freeze(Object.fromEntries(values)) as ConfigValues<S>
}
