import { BudgetExceededError } from '../errors.ts'

export function overBudget(what: 'requests' | 'documents', limit: number): BudgetExceededError {
  return new BudgetExceededError(
    `the operation cannot ${what === 'requests' ? 'send' : 'read'} more than ${limit} ${what}`,
    { hint: 'Narrow the filter, add an index, or raise the budget.', details: { limit, what } },
  )
}
