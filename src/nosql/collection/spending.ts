import type { DriverPage } from '../contract/query.ts'
import { BudgetExceededError } from '../errors.ts'
import type { ReadContext } from './read.ts'

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
  session.store.span?.set('lexigram.requests', spending.requests)
  session.store.span?.set('lexigram.documents.scanned', spending.scanned)
  const { maxRequests = Infinity, maxDocuments = Infinity } = { ...session.store.budget, ...options.budget }
  if (spending.requests > maxRequests) throw overBudget('requests', maxRequests)
  if (spending.scanned > maxDocuments) throw overBudget('documents', maxDocuments)
}

function overBudget(what: string, limit: number): BudgetExceededError {
  return new BudgetExceededError(`the operation cannot read more than ${limit} ${what}`, {
    hint: 'Narrow the filter, add an index, or raise the budget.',
    details: { limit, what },
  })
}
