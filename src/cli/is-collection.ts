import type { CollectionSpec } from '../nosql/contract/define-collection.ts'

/** Whether a value that a module exports was made by `defineCollection`, whichever copy of the package made it. */
export function isCollection(value: unknown): value is CollectionSpec {
  const { name, fields, indexes } = Object(value) as Record<string, unknown>
  return typeof name === 'string' && typeof fields === 'object' && fields !== null && Array.isArray(indexes)
}
