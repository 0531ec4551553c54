import type { Meter } from '../../query/meter.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { parseFieldPath } from '../field-path.ts'
import { holdAll, inBatches, type Batches, type CompiledPipeline, type ParseStage, type Run } from '../stage.ts'

interface Branch {
  readonly field: string
  readonly pipeline: CompiledPipeline
}

/** `$facet`: several pipelines over the same documents, each into a field of one document. */
export const parseFacet: ParseStage = (argument, context, name) => {
  if (!isDocument(argument) || Object.keys(argument).length === 0) {
    return fail(40169, `the argument of ${name} must be an object with at least one field`)
  }
  const branches = Object.entries(argument).map(([field, stages]): Branch => {
    if (parseFieldPath(field, `a field of ${name}`).length > 1) fail(40412, `a field of ${name} must not contain a dot`)
    if (!Array.isArray(stages)) fail(40170, `a field of ${name} must be a pipeline`)
    return { field, pipeline: context.pipeline(stages, 'facet') }
  })
  return { name, run: (input, run) => facet(input, branches, run) }
}

async function* facet(input: Batches, branches: readonly Branch[], run: Run): Batches {
  const documents = await holdAll(input, run)
  const output: Record<string, Value> = {}
  for (const { field, pipeline } of branches) {
    output[field] = await holdAll(pipeline.run(fromList(documents, run.meter), run), { ...run, shares: false })
  }
  yield [output]
}

/** Documents at hand, as a pipeline reads them. */
export function fromList(documents: readonly Document[], meter: Meter): Batches {
  return inBatches(documents, meter)
}
