import type { PipelineSource, PipelineTarget } from '../query/expression-engine.ts'
import { fail, unsupported } from './expression/failure.ts'
import type { Run } from './stage.ts'

/** The store's other collections, for a stage that reads them. */
export function sourceOf(run: Run, name: string): PipelineSource {
  return (
    run.source ??
    unsupported(`${name} reads another collection, and there is none here.`, 'Run it with collection.aggregate.')
  )
}

/** Where a stage writes. */
export function targetOf(run: Run, name: string): PipelineTarget {
  return (
    run.target ?? unsupported(`${name} cannot write here.`, 'Write what the pipeline yields with collection.bulkWrite.')
  )
}

/** A collection's name as a stage gives it; other databases are not reached. */
export function collectionName(value: unknown, what: string): string {
  if (typeof value !== 'string') return fail('FailedToParse', `${what} must be a string.`)
  if (value === '') fail('InvalidNamespace', `${what} must not be empty.`)
  if (
    value.includes('\0') ||
    value.includes('$') ||
    value.startsWith('.') ||
    value.endsWith('.') ||
    value.startsWith('system.')
  ) {
    fail('InvalidNamespace', `${what} is no name of a collection.`)
  }
  return value
}
