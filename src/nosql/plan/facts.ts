import type { CollectionSpec, FieldType } from '../contract/define-collection.ts'

/** What is known of a path in every document of a collection. */
export interface PathFacts {
  /**
   * No document has an array at the path or on the way to it, so that a filter reaches one value at most. Every test of
   * such a path can be exact on a backend that does not look into arrays.
   */
  readonly scalar: boolean
  /** The type of every value at the path that is not null. Undefined where it may be of every type. */
  readonly type: FieldType | undefined
  /** Every document has the path; its value may be null. */
  readonly present: boolean
}

/** The facts a planner may rely on. Undeclared paths have no facts. */
export type Facts = (path: string) => PathFacts

const unknown: PathFacts = { scalar: false, type: undefined, present: false }
const ofId: PathFacts = { scalar: true, type: undefined, present: true }

/** Facts of a collection about which nothing was declared: only that every document has an `_id`. */
export const noFacts: Facts = (path) => (path === '_id' ? ofId : unknown)

/**
 * Facts that a collection's spec declares.
 *
 * @example
 * const facts = factsOf(defineCollection('users', { fields: { age: 'number' } }))
 * facts('age') // { scalar: true, type: 'number', present: false }
 */
export function factsOf(spec: Pick<CollectionSpec, 'fields'> | undefined): Facts {
  if (spec === undefined) return noFacts
  const { fields } = spec
  return (path) => {
    const type = Object.hasOwn(fields, path) ? fields[path] : undefined
    if (path === '_id') return { ...ofId, type }
    return type === undefined ? unknown : { scalar: true, type, present: false }
  }
}

/** The same facts, and that these paths hold no arrays: what an index without array entries knows. */
export function withScalars(facts: Facts, paths: Iterable<string>): Facts {
  const scalars = new Set(paths)
  return (path) => (scalars.has(path) ? { ...facts(path), scalar: true } : facts(path))
}
