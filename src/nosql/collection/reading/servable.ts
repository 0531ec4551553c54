import { UnsupportedOperationError } from '../../errors.ts'
import type { PipelineBudget } from '../../query/expression-engine.ts'
import { maxDocumentsOf } from '../spending.ts'
import type { ReadContext } from './read.ts'

/** Whether a budget for pipelines bounds anything. */
export function isBounding(budget: PipelineBudget | undefined): boolean {
  return Object.values(budget ?? {}).some((limit: unknown) => limit !== undefined && limit !== Infinity)
}

/**
 * A server that runs a pipeline does not say what it reads and makes for it, so that budgets for that are refused.
 *
 * @throws UnsupportedOperationError
 */
export function assertServable(
  context: Pick<ReadContext, 'session' | 'options'>,
  pipelineBudget: PipelineBudget | undefined,
): void {
  const unfit = isBounding(pipelineBudget)
    ? "'pipelineBudget'"
    : maxDocumentsOf(context) === Infinity
      ? undefined
      : "'maxDocuments' of the budget"
  if (unfit === undefined) return
  throw new UnsupportedOperationError(
    `${unfit} cannot be used with aggregate on '${context.session.store.backend.name}': the server runs the pipeline`,
    {
      hint:
        pipelineBudget === undefined
          ? "Pass { budget: { maxDocuments: Infinity } } for this call; a 'deadline' and maxRequests hold there."
          : "Leave it out; a 'deadline', and maxRequests and maxBytes of 'budget' hold there.",
    },
  )
}
