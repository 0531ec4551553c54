import type { ConfigurationIssue } from './configuration-error.ts'
import { normalKey, separator, toKey, variableName } from '../core/setting/env-name.ts'
import { isUnset, nodesAlong, readEnvTree } from './env-tree.ts'
import { nearestName } from '../core/nearest-name.ts'
import { observeReads } from './observe-reads.ts'
import { isSchema, type SchemaInfo } from '../core/setting/schema-node.ts'
import type { Section } from '../core/setting/section.ts'

const prefix = 'LEX_'

/** A setting that the environment does not set. */
interface Unset {
  readonly section: string
  readonly path: readonly string[]
}

/**
 * Variables that belong to no section and are called almost like a setting that is not set: `LEX_DATABSE__URL`,
 * `LEX_DATABASE_URL`. Others are left alone, as they may be another application's.
 */
export async function findStrays(sections: readonly Section<unknown>[], env: object): Promise<ConfigurationIssue[]> {
  const starts = sections.map(({ name }) => variableName(name))
  const strays = namesSetIn(env).filter((name) => {
    const upper = name.toUpperCase()
    if (!upper.startsWith(prefix)) return false
    return !starts.some((start) => upper === start || upper.startsWith(start + separator))
  })
  if (strays.length === 0) return []
  const unset = (await Promise.all(sections.map((section) => unsetSettings(section, env)))).flat()
  return strays.flatMap((variable) => {
    const meant = meantBy(variable, unset)
    const message = `belongs to no section; did you mean ${meant?.variable}?`
    return meant === undefined ? [] : [{ section: meant.section, variable, aliases: [], message }]
  })
}

/** Variables called almost like another name of a setting that is missing: `DATABSE_URL`, `DATABASE_URI`. */
export function findMisspeltAliases(missing: readonly ConfigurationIssue[], env: object): ConfigurationIssue[] {
  const sought = missing.filter(({ aliases }) => aliases.length > 0)
  if (sought.length === 0) return []
  const names = namesSetIn(env).filter((name) => !name.toUpperCase().startsWith(prefix))
  return sought.flatMap(({ section, aliases }) =>
    names.flatMap((variable) => {
      const meant = nearestName(variable, aliases)
      return meant === undefined
        ? []
        : [{ section, variable, aliases: [], message: `is read by nothing; did you mean ${meant}?` }]
    }),
  )
}

function namesSetIn(env: object): string[] {
  return Reflect.ownKeys(env).filter(
    (name): name is string => typeof name === 'string' && !isUnset(Reflect.get(env, name)),
  )
}

function meantBy(variable: string, unset: readonly Unset[]): { section: string; variable: string } | undefined {
  const [head = '', ...steps] = variable.slice(prefix.length).split(separator)
  for (const { section, path } of unset) {
    const rest = steps.slice(path.length).map((step) => toKey(step) ?? step)
    const found =
      steps.length === 0
        ? normalKey(head) === normalKey([section, ...path].join(''))
        : path.length > 0 &&
          nearestName(head, [section]) !== undefined &&
          nearestName(steps.slice(0, path.length).join(''), [path.join('')]) !== undefined
    if (found) return { section, variable: variableName(section, [...path, ...rest]) }
  }
  return undefined
}

async function unsetSettings(section: Section<unknown>, env: object): Promise<Unset[]> {
  const { root } = readEnvTree(env, section)
  // The section as a whole, as JSON: what it says is not looked into.
  if (root.source !== undefined) return []
  const paths = isSchema(section.schema) ? pathsOf(section.schema) : await askedOf(section)
  return paths
    .filter((path) => nodesAlong(root, path).length <= path.length)
    .map((path) => ({ section: section.name, path }))
}

function pathsOf({ fields }: SchemaInfo): string[][] {
  if (fields === undefined) return [[]]
  return Object.entries(fields).flatMap(([key, field]) => pathsOf(field).map((path) => [key, ...path]))
}

async function askedOf({ schema }: Section<unknown>): Promise<string[][]> {
  const [top] = await observeReads(schema, {})
  return [...(top?.asked ?? [])].map((key) => [key])
}
