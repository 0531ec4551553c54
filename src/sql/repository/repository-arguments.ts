import { holdToArguments } from '../../core/known-arguments.ts'
import { UsageError } from '../../core/errors.ts'

/** Makes the methods of a repository refuse arguments that they do not read. */
export function refuseOtherArguments(prototype: object): void {
  holdToArguments(prototype, {
    byPromise: {
      ...{ find: 2, get: 2, findBySpec: 2, list: 1, page: 1, count: 2, exists: 2, save: 1, upsert: 2, saveMany: 1 },
      ...{ delete: 2, deleteMany: 2, restore: 1, findIn: 2 },
    },
    atOnce: { stream: 1, trackIn: 2, saveIn: 2, deleteIn: 3 },
  })
}

/** For programs in plain JavaScript. */
export function assertParts(session: unknown, mapping: unknown): void {
  const { run } = Object(session) as Record<string, unknown>
  if (typeof run !== 'function') throw new UsageError('the session of a repository must be a DbSession')
  const { toEntity, toRow } = Object(mapping) as Record<string, unknown>
  if (typeof toEntity === 'function' && typeof toRow === 'function') return
  throw new UsageError('the mapping of a repository must have the functions toEntity and toRow')
}
