import { normalKey, separator, toKey, variableName } from '../core/setting/env-name.ts'
import type { Section } from '../core/setting/section.ts'

/** One step of a setting's path, with the variable that sets it, if there is one. */
export interface EnvNode {
  readonly children: Map<string, EnvNode>
  /** In camelCase, unless the schema is known to spell it otherwise. */
  key: string
  value?: unknown
  /** The variable that set the value. */
  source?: string
  /** Filled from an alias: whatever is set by the section's own names goes first. */
  fromAlias?: boolean
}

/** What the environment holds for one section. */
export interface EnvTree {
  readonly root: EnvNode
  /** Variables whose names cannot be read. */
  readonly problems: readonly { readonly variable: string; readonly message: string }[]
}

/**
 * Collects a section's variables. The environment is only read, by its own names, whatever kind of object it is;
 * blank text, `undefined` and `null` count as not set.
 */
export function readEnvTree(env: object, section: Section<unknown>): EnvTree {
  const names = new Set(Reflect.ownKeys(env).filter((name) => typeof name === 'string'))
  const valueOf = (name: string): unknown => {
    const value: unknown = names.has(name) ? Reflect.get(env, name) : undefined
    return isUnset(value) ? undefined : value
  }
  const root = createNode('')
  const problems: { variable: string; message: string }[] = []
  const start = variableName(section.name)

  for (const name of names) {
    const upper = name.toUpperCase()
    if (upper !== start && !upper.startsWith(start + separator)) continue
    const value = valueOf(name)
    if (value === undefined) continue
    const segments = upper === start ? [] : name.slice(start.length + separator.length).split(separator)
    const keys = segments.map(toKey)
    if (!keys.every((key) => key !== undefined)) {
      problems.push({
        variable: name,
        message: 'is not a proper name: expected words of letters and digits, parted by _ or __',
      })
      continue
    }
    const node = descend(root, keys)
    if (node.source === undefined) Object.assign(node, { value, source: name })
    else problems.push({ variable: name, message: `is also set as ${node.source}` })
  }

  for (const [path, aliases] of Object.entries(section.aliases)) {
    const source = aliases.find((alias) => valueOf(alias) !== undefined)
    if (source === undefined) continue
    const node = descend(root, path.split('.'))
    if (node.source !== undefined || node.children.size > 0) continue
    Object.assign(node, { value: valueOf(source), source, fromAlias: true })
  }
  return { root, problems }
}

/** True for blank text too: a variable that holds only white space sets nothing. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** The nodes along a path, as far as there are any: the root, then one for each step found. */
export function nodesAlong(root: EnvNode, path: readonly string[]): EnvNode[] {
  const nodes = [root]
  for (const step of path) {
    const next = nodes.at(-1)?.children.get(normalKey(step))
    if (next === undefined) break
    nodes.push(next)
  }
  return nodes
}

function descend(root: EnvNode, keys: readonly string[]): EnvNode {
  let node = root
  for (const key of keys) {
    let next = node.children.get(normalKey(key))
    if (next === undefined) node.children.set(normalKey(key), (next = createNode(key)))
    node = next
  }
  return node
}

function createNode(key: string): EnvNode {
  return { key, children: new Map() }
}
