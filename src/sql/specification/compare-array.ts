import { sql, type SQL } from 'drizzle-orm'
import type { SpecificationValue } from '../../core/specification/specification.ts'
import { compareEqual } from './compare-equal.ts'
import type { Comparer } from './comparer.ts'

/**
 * An array as a whole: its lengths, then element by element, for the database compares those of some types otherwise.
 *
 * @param leaf How its elements compare
 * @param index Brackets that lead to the array within the operand
 */
export function arrayComparer(leaf: Comparer, depth: number, index: readonly SQL[] = []): Comparer {
  return {
    equals(operand, value) {
      const lengths = lengthsOf(value, depth)
      if (lengths === undefined) return undefined
      const size = sql`cardinality(${operand})`
      if (lengths.includes(0)) return lengths[0] === 0 && index.length === 0 ? sql`${size} = 0` : undefined
      const dimensions = lengths.map((length, i) => {
        return sql`array_length(${operand}, ${sql.raw(String(index.length + i + 1))}) = ${sql.raw(String(length))}`
      })
      const elements = leavesOf(value, depth).map(({ at, value: element }) => {
        const place = sql.join([operand, ...index, ...at.map((i) => sql.raw(`[${i}]`))])
        return compareEqual(leaf, sql`(${place})`, element) ?? sql.raw('false')
      })
      return sql`(${sql.join([...dimensions, ...elements], sql.raw(' and '))})`
    },
    isNull: (operand) => (index.length === 0 ? sql`${operand} is null` : sql.raw('false')),
  }
}

/** The length of each dimension; undefined for what is not an array of that depth, with all parts of one length. */
function lengthsOf(value: SpecificationValue, depth: number): number[] | undefined {
  if (depth === 0) return []
  if (!Array.isArray(value)) return undefined
  const parts = (value as readonly SpecificationValue[]).map((part) => lengthsOf(part, depth - 1))
  if (parts.some((part) => part === undefined || part.join() !== parts[0]?.join())) return undefined
  return [value.length, ...(parts[0] ?? [])]
}

function leavesOf(value: SpecificationValue, depth: number): { at: number[]; value: SpecificationValue }[] {
  if (depth === 0) return [{ at: [], value }]
  // An array of this depth, by `lengthsOf`.
  return (value as readonly SpecificationValue[]).flatMap((part, i) =>
    leavesOf(part, depth - 1).map((leaf) => ({ ...leaf, at: [i + 1, ...leaf.at] })),
  )
}
