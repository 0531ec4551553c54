import { BudgetExceededError, NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'

/** Refuses an expression; a number is MongoDB's location code, a word its error name. */
export function fail(code: number | string, message: string, hint?: string): never {
  throw new NoSQLFilterError(message, { reason: typeof code === 'number' ? `Location${code}` : code, hint })
}

export function overBudget(message: string): never {
  throw new BudgetExceededError(message, { hint: 'Narrow the input, or split the work into several pipelines.' })
}

export function unsupported(message: string, hint: string): never {
  throw new UnsupportedOperationError(message, { hint })
}
