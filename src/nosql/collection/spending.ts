import type { Budget } from '../contract/explanation.ts'
import type { DriverPage } from '../contract/query.ts'
import { BudgetExceededError } from '../errors.ts'
import { Meter, type WorkBudget } from '../query/meter.ts'
import { assertInTime } from '../store/store-context.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import type { ReadContext } from './reading/read.ts'

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

/** What an operation has made the backend do. */
export interface Spending {
  requests: number
  scanned: number
}

export function noSpending(): Spending {
  return { requests: 0, scanned: 0 }
}

/** Charges a page to the operation. @throws BudgetExceededError */
export function spend(
  spending: Spending,
  { session, options }: ReadContext,
  page: Pick<DriverPage<never>, 'requests' | 'scanned'>,
): void {
  spending.requests += page.requests
  spending.scanned += page.scanned
  const { span, store } = session
  span?.set('lexigram.requests', spending.requests)
  span?.set('lexigram.documents.scanned', spending.scanned)
  const { maxRequests = Infinity, maxDocuments = Infinity } = budgetOf(store.budget, options)
  if (spending.requests > maxRequests) throw overBudget('requests', maxRequests)
  if (spending.scanned > maxDocuments) throw overBudget('documents', maxDocuments)
}

/** The budget of a call over that of its store. */
export function budgetOf(budget: Budget, options: Pick<OperationOptions, 'budget'>): Budget {
  return options.budget === undefined ? budget : { ...budget, ...options.budget }
}

function overBudget(what: string, limit: number): BudgetExceededError {
  return new BudgetExceededError(`the operation cannot read more than ${limit} ${what}`, {
    hint: 'Narrow the filter, add an index, or raise the budget.',
    details: { limit, what },
  })
}
