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
  if (value.includes('\0') || value.startsWith('.') || value.endsWith('.') || value.startsWith('system.')) {
    fail('InvalidNamespace', `${what} is no name of a collection.`)
  }
  return value
}

const LONGEST_NAME = 200

/** The name of a collection to write to, which has to be one that can be made. */
export function writableName(value: unknown, what: string): string {
  const name = collectionName(value, what)
  if (name.includes('$') || new TextEncoder().encode(name).length > LONGEST_NAME) {
    fail('InvalidNamespace', `${what} is no name for a collection, or too long.`)
  }
  return name
}
