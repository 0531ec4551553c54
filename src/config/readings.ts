import { normalKey } from '../core/setting/env-name.ts'
import { parseDuration } from '../core/setting/duration.ts'
import { pathOf, type StandardIssue } from '../core/setting/standard-schema.ts'
import { parseBoolean, parseJson, parseNumber } from '../core/setting/text.ts'
import type { EnvNode } from './env-tree.ts'

/** A variable at the end of the tree, with everything that its text can mean. */
export interface Leaf {
  readonly node: EnvNode
  readonly path: readonly string[]
  /** What the variable can mean, the text itself first and lists last. */
  readonly readings: readonly unknown[]
  /** How many of the readings are not lists: an issue at a union above the leaf does not call for lists. */
  readonly scalars: number
  /** The reading that a failure is reported for: JSON as what it holds, anything else as text. */
  readonly reported: number
  /** The reading in use. */
  reading: number
}

export function toLeaf({ node, path }: { node: EnvNode; path: readonly string[] }): Leaf {
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

/** Moves every leaf that an issue is about to its next reading; false when there is none left. */
export function advance(leaves: readonly Leaf[], issues: readonly StandardIssue[]): boolean {
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

/** Puts the leaves that an issue is about back to the reading that failures are reported for. */
export function useReported(leaves: readonly Leaf[], issues: readonly StandardIssue[]): void {
  for (const leaf of leaves) if (issues.some((issue) => concerns(issue, leaf))) leaf.reading = leaf.reported
}

/** An issue at the leaf, inside its value, or at a union that holds it. */
function concerns(issue: StandardIssue, leaf: Leaf): boolean {
  const path = pathOf(issue)
  const shared = Math.min(path.length, leaf.path.length)
  return leaf.path.slice(0, shared).every((step, index) => normalKey(step) === normalKey(path[index] ?? ''))
}

function isRead(reading: unknown): boolean {
  return reading !== undefined
}
