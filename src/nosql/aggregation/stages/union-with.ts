import { fail } from '../expression/failure.ts'
import { collectionName, sourceOf } from '../other-collection.ts'
import type { Batches, CompiledPipeline, ParseStage, Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { fromList } from './facet.ts'
import { isDocument } from '../../query/value.ts'

/** `$unionWith`: the documents so far, and then those of another collection. */
export const parseUnionWith: ParseStage = (argument, context, name) => {
  if (typeof argument !== 'string' && !isDocument(argument))
    return fail('FailedToParse', `the argument of ${name} must be a name or an object`)
  const fields: Readonly<Record<string, unknown>> =
    typeof argument === 'string' ? { coll: argument } : stageFields(argument, name, { optional: ['coll', 'pipeline'] })
  const { coll, pipeline: stages = [] } = fields
  if (coll === undefined && fields['pipeline'] === undefined)
    fail('FailedToParse', `${name} must have coll or a pipeline`)
  const from = coll === undefined ? undefined : collectionName(coll, `coll of ${name}`)
  if (!Array.isArray(stages)) return fail('TypeMismatch', `pipeline of ${name} must be an array`)
  const pipeline = context.pipeline(stages, from === undefined ? 'unionDatabase' : 'union')
  return { name, run: (input, run) => union(input, { from, pipeline, name }, run) }
}

interface Union {
  readonly name: string
  readonly from: string | undefined
  readonly pipeline: CompiledPipeline
}

async function* union(input: Batches, { name, from, pipeline }: Union, run: Run): Batches {
  yield* input
  const more =
    from === undefined ? fromList([], run.meter) : sourceOf(run, name).read(from, pipeline.leadingFilter ?? {})
  const inner = { ...run, shares: from !== undefined && run.source?.shares === true }
  for await (const batch of pipeline.run(more, inner)) {
    run.meter.produce(batch.length)
    yield batch
  }
}
