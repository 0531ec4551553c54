import type { Document } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { isArray, isObject } from '../expression/kinds.ts'
import { constantValue, enterDocument, type Evaluate, type Result } from '../expression/scope.ts'
import { createRunScope } from '../run-scope.ts'
import { inBatches, type Batches, type ParseStage, type Run } from '../stage.ts'

/** `$documents`: makes the documents that the pipeline begins with. */
export const parseDocuments: ParseStage = (argument, context, name) => {
  const evaluate = context.expression(argument)
  if (evaluate.constant) listFrom(constantValue(evaluate), name)
  return { name, source: true, run: (_input, run) => documents(evaluate, run, name) }
}

async function* documents(evaluate: Evaluate, run: Run, name: string): Batches {
  yield* inBatches(listFrom(evaluate(enterDocument(createRunScope(run), {})), name), run.meter)
}

function listFrom(list: Result, name: string): Document[] {
  if (!isArray(list)) return fail(5858203, `the argument of ${name} must be an array of objects`)
  return list.map((element) =>
    isObject(element) ? element : fail(40228, `the argument of ${name} must be an array of objects`),
  )
}
