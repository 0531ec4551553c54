import type { PipelineSource, PipelineTarget } from '../query/expression-engine.ts'
import { fail, unsupported } from './expression/failure.ts'
import type { Run } from './stage.ts'

/** The store's other collections, for a stage that reads them. */
export function sourceOf(run: Run, name: string): PipelineSource {
  return (
    run.source ??
    unsupported(
      `${name} cannot read another collection: this pipeline has no store`,
      'Run it with collection.aggregate.',
    )
  )
}

/** Where a stage writes. @throws UnsupportedOperationError for the name of another database */
export function targetOf(run: Run, name: string, database?: string): PipelineTarget {
  const { target } = run
  if (target === undefined) {
    return unsupported(
      `${name} cannot write: this pipeline has no store`,
      'Write what the pipeline yields with collection.bulkWrite.',
    )
  }
  if (database === undefined || database === target.database) return target
  return unsupported(
    `${name} cannot write into another database`,
    'Leave db out, or write what the pipeline yields into a store of the other database.',
  )
}

/** The name of a collection in a stage; other databases cannot be read. */
export function collectionName(value: unknown, what: string): string {
  if (typeof value !== 'string') return fail('FailedToParse', `${what} must be a string`)
  if (value === '') fail('InvalidNamespace', `${what} must not be empty`)
  if (value.includes('\0') || value.startsWith('.') || value.endsWith('.') || value.startsWith('system.')) {
    fail('InvalidNamespace', `${what} must be the name of a collection`)
  }
  return value
}

const LONGEST_NAME = 200

/** The name of a collection to write to, which has to be one that can be made. */
export function writableName(value: unknown, what: string): string {
  const name = collectionName(value, what)
  if (name.includes('$') || new TextEncoder().encode(name).length > LONGEST_NAME) {
    fail('InvalidNamespace', `${what} must be the name of a collection, short enough to create`)
  }
  return name
}
