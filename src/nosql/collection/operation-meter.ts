import { Meter, type WorkBudget } from '../query/meter.ts'
import { assertInTime } from '../store/store-context.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import type { ReadContext } from './read.ts'
import { budgetOf } from './spending.ts'

/** Options of a call that may be a part of an operation which has begun. */
export type MeteredOptions = OperationOptions & { readonly meter?: Meter | undefined }

/** Counts what an operation does in this process: by the budgets of the call and of the store, whichever says more. */
export function meterOf(
  { session }: Pick<ReadContext, 'session'>,
  options: MeteredOptions,
  { maxProduced }: Pick<WorkBudget, 'maxProduced'> = {},
): Meter {
  if (options.meter !== undefined) return options.meter
  const { store } = session
  const { maxSteps, maxBytes } = budgetOf(store.budget, options)
  return new Meter({
    maxSteps,
    maxBytes,
    maxProduced,
    async pause() {
      await store.pause()
      assertInTime(options)
    },
  })
}
