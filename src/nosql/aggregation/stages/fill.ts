import { isDocument, type Document } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { parseFieldPath } from '../field-path.ts'
import type { ParseStage, Stage } from '../stage.ts'
import { objectArgument, stageFields } from '../stage-argument.ts'
import { parseAddFields } from './add-fields.ts'
import { parseSetWindowFields } from './set-window-fields.ts'
import { chain } from './sort-by-count.ts'

/** `$fill`: sets null and missing fields to a value, to a neighbour's value, or to one between two neighbours. */
export const parseFill: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail('FailedToParse', `the argument of ${name} must be an object`)
  const fields = stageFields(argument, name, {
    required: ['output'],
    optional: ['partitionBy', 'partitionByFields', 'sortBy'],
  })
  const { windows, values } = readOutput(objectArgument(fields['output'], `output of ${name}`), name)
  const partitionBy = readPartition(fields, name)
  const { sortBy } = fields
  if (sortBy !== undefined) objectArgument(sortBy, `sortBy of ${name}`)
  const stages: Stage[] = []
  if (Object.keys(windows).length > 0) {
    if (context.place === 'update')
      fail('InvalidOptions', `${name} cannot use a method: this pipeline does not allow it`)
    const spec = {
      output: windows,
      ...(sortBy === undefined ? {} : { sortBy }),
      ...(partitionBy === undefined ? {} : { partitionBy }),
    }
    stages.push(parseSetWindowFields(spec, context, name))
  }
  if (Object.keys(values).length > 0) stages.push(parseAddFields(values, context, name))
  const [only, ...others] = stages
  return only !== undefined && others.length === 0 ? only : chain(name, stages)
}

interface Filling {
  readonly windows: Record<string, unknown>
  readonly values: Record<string, unknown>
}

function readOutput(output: Document, name: string): Filling {
  const filling: Filling = { windows: {}, values: {} }
  if (Object.keys(output).length === 0) fail(6050203, `output of ${name} must have at least one field`)
  for (const [field, spec] of Object.entries(output)) {
    parseFieldPath(field, `a field of ${name}`)
    if (!isDocument(spec)) return fail(6050200, `a field of ${name} must be an object`)
    const { method, value } = stageFields(spec, name, { optional: ['method', 'value'] })
    if (method !== undefined && value !== undefined)
      fail(6050201, `a field of ${name} must have either 'method' or 'value'`)
    if (value !== undefined) filling.values[field] = { $ifNull: [`$${field}`, value] }
    else if (method === 'locf') filling.windows[field] = { $locf: `$${field}` }
    else if (method === 'linear') filling.windows[field] = { $linearFill: `$${field}` }
    else if (method !== undefined) fail(6050202, `a method of ${name} must be 'locf' or 'linear'`)
  }
  return filling
}

function readPartition(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  const { partitionBy, partitionByFields: paths } = fields
  if (paths === undefined) {
    if (partitionBy !== undefined && typeof partitionBy !== 'string' && !isDocument(partitionBy)) {
      fail('TypeMismatch', `partitionBy of ${name} must be a path or an expression`)
    }
    return partitionBy
  }
  if (partitionBy !== undefined) fail(6050204, `${name} cannot have both partitionBy and partitionByFields`)
  if (!Array.isArray(paths)) return fail('TypeMismatch', `partitionByFields of ${name} must be an array`)
  const pairs = paths.map((path: unknown, index): [string, string] => {
    parseFieldPath(path, `a field of partitionByFields`)
    return [`field${index}`, `$${String(path)}`]
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}
