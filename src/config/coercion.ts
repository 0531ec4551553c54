import { parseDuration } from '../core/setting/duration.ts'
import { normalKey } from '../core/setting/env-name.ts'
import { nodesAlong, type EnvNode, type EnvTree } from './env-tree.ts'
import { leavesOf, toEnvValue } from './env-value.ts'
import { nearestName } from '../core/nearest-name.ts'
import { observeReads } from './observe-reads.ts'
import { unknownKey, type UnknownKeyIssue } from '../core/setting/schema-node.ts'
import {
  pathOf,
  type StandardFailure,
  type StandardIssue,
  type StandardSchemaV1,
  type StandardSuccess,
} from '../core/setting/standard-schema.ts'
import { parseBoolean, parseJson, parseNumber } from '../core/setting/text.ts'

interface Leaf {
  readonly node: EnvNode
  readonly path: readonly string[]
  /** What the variable can mean, the text itself first and lists last. */
  readonly readings: readonly unknown[]
  /** How many of the readings are no lists: an issue at a union above the leaf is no reason to try those. */
  readonly scalars: number
  /** The reading that a failure is reported for: JSON as what it holds, anything else as text. */
  readonly reported: number
  reading: number
}

/**
 * Validates with a schema that cannot be looked into. Text is given as text first; where the schema then complains
 * about a variable, its next reading is tried: a number, a boolean, JSON, a duration in milliseconds, a list parted
 * by commas. What no reading satisfies is reported for the text, or for what is inside it when it is JSON. A key that
 * the schema does not look for, while it looks in vain for one of nearly that name, is an issue too.
 */
export async function validateWithReadings<T>(
  schema: StandardSchemaV1<unknown, T>,
  tree: EnvTree,
): Promise<StandardSuccess<T> | StandardFailure> {
  const leaves = leavesOf(tree.root).map(toLeaf)
  const byNode = new Map(leaves.map((leaf) => [leaf.node, leaf]))
  const read = (node: EnvNode): unknown => byNode.get(node)?.readings[byNode.get(node)?.reading ?? 0]
  const current = (): unknown => toEnvValue(tree.root, read).value
  const validate = async () => {
    const value = current()
    const direct = await schema['~standard'].validate(value)
    return direct.issues === undefined || value !== undefined ? direct : schema['~standard'].validate({})
  }

  const respelt = new Set<EnvNode>()
  for (;;) {
    const result = await validate()
    if (result.issues !== undefined && (respell(tree, result.issues, respelt) || advance(leaves, result.issues))) {
      continue
    }
    const misspelt = await findMisspelt(schema, current())
    const meant = misspelt.map((issue) => ({ ...issue, path: [...pathOf(issue).slice(0, -1), ...issue.known] }))
    if (respell(tree, meant, respelt)) continue
    if (result.issues === undefined) return misspelt.length === 0 ? result : { issues: misspelt }
    const failed = result.issues
    for (const leaf of leaves) if (failed.some((issue) => concerns(issue, leaf))) leaf.reading = leaf.reported
    const { issues = [] } = await validate()
    return { issues: [...misspelt, ...issues] }
  }
}

/** Takes over the schema's spelling of keys where it differs from camelCase, each once: two schemas may differ in it. */
function respell(tree: EnvTree, issues: readonly StandardIssue[], respelt: Set<EnvNode>): boolean {
  const before = respelt.size
  for (const issue of issues) {
    const path = pathOf(issue)
    for (const [index, node] of nodesAlong(tree.root, path).slice(1).entries()) {
      const spelling = path[index] ?? node.key
      if (node.key === spelling || respelt.has(node)) continue
      node.key = spelling
      respelt.add(node)
    }
  }
  return respelt.size > before
}

/** The keys that the schema has no use for, where it misses one of nearly that name. */
async function findMisspelt(schema: StandardSchemaV1, value: unknown): Promise<UnknownKeyIssue[]> {
  const objects = await observeReads(schema, value)
  return objects.flatMap(({ path, given, asked }) => {
    const missing = [...asked].filter((key) => !given.includes(key))
    const unread = given.filter((key) => !asked.has(key))
    return unread.flatMap((key) => {
      const nearest = nearestName(key, missing)
      return nearest === undefined ? [] : [unknownKey([...path, key], [nearest])]
    })
  })
}

/** Moves every leaf that an issue is about to its next reading; false when there is none left. */
function advance(leaves: readonly Leaf[], issues: readonly StandardIssue[]): boolean {
  let moved = false
  for (const leaf of leaves) {
    const about = issues.filter((issue) => concerns(issue, leaf))
    const last = about.some((issue) => pathOf(issue).length >= leaf.path.length) ? leaf.readings.length : leaf.scalars
    if (about.length === 0 || leaf.reading >= last - 1) continue
    leaf.reading += 1
    moved = true
  }
  return moved
}

/** An issue at the leaf, inside its value, or at a union that holds it. */
function concerns(issue: StandardIssue, leaf: Leaf): boolean {
  const path = pathOf(issue)
  const shared = Math.min(path.length, leaf.path.length)
  return leaf.path.slice(0, shared).every((step, index) => normalKey(step) === normalKey(path[index] ?? ''))
}

function toLeaf({ node, path }: { node: EnvNode; path: readonly string[] }): Leaf {
  if (typeof node.value !== 'string') return { node, path, readings: [node.value], scalars: 1, reported: 0, reading: 0 }
  const text = node.value.trim()
  const parts = text.split(',').map((part) => part.trim())
  const numbers = parts.map(parseNumber)
  const json = parseJson(text)
  const scalars = [node.value, parseNumber(text), parseBoolean(text), json, parseDuration(text)].filter(isRead)
  const lists = [parts, numbers.every(isRead) ? numbers : undefined].filter(isRead)
  const reported = json === undefined ? 0 : scalars.indexOf(json)
  return { node, path, readings: [...scalars, ...lists], scalars: scalars.length, reported, reading: 0 }
}

function isRead(reading: unknown): boolean {
  return reading !== undefined
}
