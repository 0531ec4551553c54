import { MOST_PARTS, PARTS_OF_A_CONTAINER } from './refusal.ts'
import { isDocument } from './value.ts'

/** How many parts of a value are copied before all of them are counted: more than most values have. */
export const COUNTED_AFTER = 100_000

/** Deeper than any parser of this package goes. */
export const DEEPEST = 200

/**
 * Whether a value has more parts than any may have. A walk makes nothing, so that it takes a small part of the time that a
 * copy would take to find out: shared parts double a value with every level.
 */
export function isTooLarge(value: unknown): boolean {
  return walk(value, MOST_PARTS, 0) < 0
}

/** What is left of a number of parts; below zero for too many of them. */
function walk(value: unknown, most: number, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return most
  if (Array.isArray(value)) {
    let left = most - PARTS_OF_A_CONTAINER - value.length
    for (let index = 0; left >= 0 && index < value.length; index++) left = walk(value[index], left, depth + 1)
    return left
  }
  if (!isDocument(value)) return most
  let left = most - PARTS_OF_A_CONTAINER
  for (const name in value) {
    left = walk(value[name], left - 1, depth + 1)
    if (left < 0) break
  }
  return left
}
