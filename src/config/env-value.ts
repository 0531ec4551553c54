import { isPlainObject } from '../core/plain-object.ts'
import type { EnvNode } from './env-tree.ts'
import { normalKey } from '../core/setting/env-name.ts'
import { parseJson } from '../core/setting/text.ts'

/** What a tree of variables amounts to, and the variables that contradict each other. */
export interface EnvValue {
  readonly value: unknown
  readonly problems: readonly { readonly variable: string; readonly message: string }[]
}

/**
 * Builds the value that a schema is given: objects and lists for the inner nodes, and for the others what `read`
 * makes of the variable (text stays text, bindings stay the same object). A node that has both a value (JSON, or a
 * plain object from the platform) and more specific variables gets a copy of the value with those laid over it.
 */
export function toEnvValue(root: EnvNode, read: (node: EnvNode) => unknown): EnvValue {
  const problems: { variable: string; message: string }[] = []

  const build = (node: EnvNode, inherited: unknown): unknown => {
    if (node.children.size === 0) return node.source === undefined ? inherited : read(node)
    const own = typeof node.value === 'string' ? (parseJson(node.value) ?? node.value) : node.value
    const base = own ?? inherited
    if (base !== undefined && !isContainer(base)) {
      problems.push({
        variable: node.source ?? firstSource(node),
        message: `is set together with ${firstSource(node)}; expected one of the two, or JSON for the former`,
      })
      return undefined
    }
    const children = [...node.children.values()]
    const indexed = children.every((child) => /^\d+$/.test(child.key))
    return indexed && (base === undefined || Array.isArray(base))
      ? overList(children, base ?? [])
      : overObject(children, base ?? {})
  }

  const overList = (children: readonly EnvNode[], base: readonly unknown[]): unknown[] => {
    const entries = [...base]
    for (const child of children.toSorted((a, b) => Number(a.key) - Number(b.key))) {
      const index = Number(child.key)
      if (index > entries.length) {
        problems.push({ variable: firstSource(child), message: `has no entry ${entries.length} before it in its list` })
        break
      }
      entries[index] = build(child, entries[index])
    }
    return entries
  }

  const overObject = (children: readonly EnvNode[], base: object): object => {
    const entries = new Map<string, unknown>(Object.entries(base))
    const spelling = new Map([...entries.keys()].map((key) => [normalKey(key), key]))
    for (const child of children) {
      const known = spelling.get(normalKey(child.key))
      if (known !== undefined && child.fromAlias === true) continue
      const key = known ?? child.key
      entries.set(key, build(child, entries.get(key)))
    }
    return Object.fromEntries(entries)
  }

  return { value: build(root, undefined), problems }
}

/** The variables at the ends of the tree, with their paths. */
export function leavesOf(node: EnvNode, path: readonly string[] = []): { node: EnvNode; path: readonly string[] }[] {
  if (node.children.size === 0) return node.source === undefined ? [] : [{ node, path }]
  return [...node.children.values()].flatMap((child) => leavesOf(child, [...path, child.key]))
}

/** True for lists and plain objects, false for bindings, which are passed on as they are. */
export function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isPlainObject(value)
}

function firstSource(node: EnvNode): string {
  return leavesOf(node)[0]?.node.source ?? ''
}
