import { validateWithReadings } from './coercion.ts'
import type { ConfigurationIssue } from './configuration-error.ts'
import { variableName } from '../core/setting/env-name.ts'
import { nodesAlong, readEnvTree, type EnvNode, type EnvTree } from './env-tree.ts'
import { isContainer, leavesOf, toEnvValue } from './env-value.ts'
import { withoutValues } from './issue-text.ts'
import { nearestName } from '../core/nearest-name.ts'
import { isSchema, type UnknownKeyIssue } from '../core/setting/schema-node.ts'
import { validateSafely } from './safe-validation.ts'
import type { Section } from '../core/setting/section.ts'
import { pathOf, type StandardIssue } from '../core/setting/standard-schema.ts'
import { parseJson } from '../core/setting/text.ts'

/** A section's value, or everything that is wrong with its variables. */
export type LoadedSection<T> = { readonly value: T } | { readonly issues: readonly ConfigurationIssue[] }

/** Reads one section from the environment. */
export async function loadSection<T>(section: Section<T>, env: object): Promise<LoadedSection<T>> {
  const tree = readEnvTree(env, section)
  const asText = toEnvValue(tree.root, (node) => node.value)
  const isOwn: boolean = isSchema(section.schema)
  const result = isOwn
    ? validateSafely(section.schema, tree, (node) => node.value)
    : validateWithReadings(section.schema, tree)
  const { issues = [], ...success } = await result
  const contradictions = [...tree.problems, ...asText.problems].map((problem) => ({
    section: section.name,
    aliases: [],
    ...problem,
  }))
  const seen = isOwn ? [] : textsOf(tree)
  const all = [...contradictions, ...issues.map((issue) => toConfigurationIssue(issue, { section, tree, seen }))]
  if (all.length > 0 || !('value' in success)) return { issues: all }
  return { value: success.value }
}

interface WhatWasRead {
  readonly section: Section<unknown>
  readonly tree: EnvTree
  /** Texts that a foreign schema has seen, and that its messages may hold. */
  readonly seen: readonly string[]
}

function toConfigurationIssue(issue: StandardIssue, { section, tree, seen }: WhatWasRead): ConfigurationIssue {
  const path = pathOf(issue)
  const aliases = section.aliases[path.join('.')] ?? []
  const nodes = nodesAlong(tree.root, path)
  const last = nodes.at(-1)
  const own = variableName(section.name, path)
  const meant = nearestKey(issue, path)
  const said = 'holdsNoValue' in issue ? issue.message : withoutValues(issue.message, seen)
  const message = said.includes('valid JSON') ? said : said + malformed(last)
  if (nodes.length === path.length + 1 && last !== undefined && (last.source !== undefined || last.children.size > 0)) {
    const suggestion = suggest(meant && variableName(section.name, [...path.slice(0, -1), meant]))
    return { section: section.name, variable: last.source ?? own, aliases: [], message: message + suggestion }
  }
  const holder = nodes.findLastIndex((node) => node.source !== undefined)
  const source = holder < 0 ? undefined : nodes[holder]?.source
  // The value came as JSON or as an object of the platform: the place is inside it.
  if (source !== undefined) {
    return {
      section: section.name,
      variable: source,
      aliases: [],
      message: `at ${path.slice(holder).join('.')}: ${message}${suggest(meant)}`,
    }
  }
  return { section: section.name, variable: own, aliases, message: `is not set; ${message}` }
}

/** What looks like JSON and is not is the likeliest reason why a schema refuses it. */
function malformed(node: EnvNode | undefined): string {
  const text = node?.value
  const isMalformed = typeof text === 'string' && /^\s*[[{]/.test(text) && parseJson(text) === undefined
  return isMalformed ? '; the text is not valid JSON' : ''
}

/** The key that was probably meant by one that means nothing. */
function nearestKey(issue: StandardIssue | UnknownKeyIssue, path: readonly string[]): string | undefined {
  return 'known' in issue ? nearestName(path.at(-1) ?? '', issue.known) : undefined
}

function suggest(name: string | undefined): string {
  return name === undefined ? '' : `; did you mean ${name}?`
}

/** Every text that the schema has seen, also inside JSON and plain objects. */
function textsOf(tree: EnvTree): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value, ...texts(parseJson(value))]
    return isContainer(value) ? Object.values(value).flatMap(texts) : []
  }
  return leavesOf(tree.root).flatMap(({ node }) => texts(node.value))
}
