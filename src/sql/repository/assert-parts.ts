import { UsageError } from '../../core/errors.ts'

/** For programs in plain JavaScript. */
export function assertParts(session: unknown, mapping: unknown): void {
  const { run } = Object(session) as Record<string, unknown>
  if (typeof run !== 'function') throw new UsageError('the session of a repository must be a DbSession')
  const { toEntity, toRow } = Object(mapping) as Record<string, unknown>
  if (typeof toEntity === 'function' && typeof toRow === 'function') return
  throw new UsageError('the mapping of a repository must have the functions toEntity and toRow')
}
