import { isReadablePlainObject } from '../../core/plain-object.ts'
import type { DriverContext } from '../contract/context.ts'
import type { Budget } from '../contract/explanation.ts'
import type { DriverPage, StoredDocument } from '../contract/query.ts'
import { approximateSize } from '../query/approximate-size.ts'
import { Meter, type WorkBudget } from '../query/meter.ts'
import type { Value } from '../query/value.ts'
import { callContext, assertInTime } from '../store/store-context.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import type { CollectionScope } from './collection-scope.ts'
import { overBudget } from './over-budget.ts'
import type { ReadContext } from './reading/read.ts'
import { RequestLimit } from './request-limit.ts'

/** Options of a call that may be a part of an operation which has begun. */
export type MeteredOptions = OperationOptions & { readonly meter?: Meter | undefined }

/** What every operation does and keeps: it is parsed and checked. */
const STEPS_OF_AN_OPERATION = 10
const BYTES_OF_AN_OPERATION = 64

/** Counts what an operation does in this process: by the budgets of the call and of the store, whichever says more. */
export function meterOf(
  { session }: Pick<ReadContext, 'session'>,
  options: MeteredOptions,
  { maxProduced }: Pick<WorkBudget, 'maxProduced'> = {},
): Meter {
  if (options.meter !== undefined) return options.meter
  const { store } = session
  const { maxSteps, maxBytes } = budgetOf(store.budget, options)
  const meter = new Meter({
    maxSteps,
    maxBytes,
    maxProduced,
    async pause() {
      await store.pause()
      assertInTime(options)
    },
  })
  meter.work(STEPS_OF_AN_OPERATION)
  meter.holdBytes(BYTES_OF_AN_OPERATION)
  return meter
}

/** What an operation has made the backend do. */
export interface Spending {
  requests: number
  scanned: number
  /** Present where the budget has one. */
  readonly limit?: RequestLimit | undefined
}

export function noSpending(): Spending {
  return { requests: 0, scanned: 0 }
}

/** What an operation with a budget spends, over all that it reads and writes; undefined without one. */
export function spendingOf(budget: Budget, given: unknown): Spending | undefined {
  const own: Budget | undefined = isReadablePlainObject(given) ? given : undefined
  const { maxRequests = Infinity, maxDocuments = Infinity } = budgetOf(budget, { budget: own })
  if (maxRequests === Infinity && maxDocuments === Infinity) return undefined
  return { ...noSpending(), limit: maxRequests === Infinity ? undefined : new RequestLimit(maxRequests) }
}

type Spender = Pick<CollectionScope, 'session' | 'spending'>

/** What a call of the driver that reads gets. */
export function readCall({ session, spending }: Spender, options: OperationOptions): DriverContext {
  const call = callContext(session, options)
  if (spending === undefined) return call
  const left = () => documentsLeft({ session, options, spending })
  return { ...call, onRequest: spending.limit?.beforeRead, documentsLeft: left }
}

/** What a call of the driver that writes gets, to be made through {@link charged}. */
export function writeCall({ session, spending }: Spender, options: OperationOptions): DriverContext {
  const call = callContext(session, options)
  return spending?.limit === undefined ? call : { ...call, onRequest: spending.limit.beforeWrite }
}

/** Makes a call of the driver, unless there is no request left for it. @throws BudgetExceededError */
export function charged<T>({ spending }: Pick<Spender, 'spending'>, work: () => Promise<T> | T): Promise<T> | T {
  return spending?.limit === undefined ? work() : spending.limit.call(work)
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

/** Whether a budget limits the bytes held: without that, answers are as large as backends make them. */
export function boundsBytes({ session, options }: Pick<ReadContext, 'session' | 'options'>): boolean {
  return Number.isFinite(budgetOf(session.store.budget, options).maxBytes ?? Infinity)
}

export function maxDocumentsOf({ session, options }: Pick<ReadContext, 'session' | 'options'>): number {
  return budgetOf(session.store.budget, options).maxDocuments ?? Infinity
}

/** How many documents the operation may still read. */
export function documentsLeft(context: Pick<ReadContext, 'session' | 'options' | 'spending'>): number {
  return Math.max(0, Math.floor(maxDocumentsOf(context)) - (context.spending?.scanned ?? 0))
}

/**
 * Pays for values that a backend has sent together: for their bytes too where the budget says how many may be held, while
 * without one the backend's own limit for an answer does. @throws BudgetExceededError
 */
export function payForAnswer(context: Answered, meter: Meter, values: readonly Value[]): void {
  meter.work(values.length)
  payForBytes(context, meter, values)
}

/** The same for documents as they are stored. */
export function payForDocuments(context: Answered, meter: Meter, stored: readonly StoredDocument[]): void {
  meter.work(stored.length)
  if (boundsBytes(context)) payForBytes(context, meter, stored.map(documentOf))
}

type Answered = Pick<ReadContext, 'session' | 'options'>

const documentOf = ({ document }: StoredDocument): Value => document

function payForBytes({ session, options }: Answered, meter: Meter, values: readonly Value[]): void {
  const { maxBytes = Infinity } = budgetOf(session.store.budget, options)
  if (!Number.isFinite(maxBytes)) return
  // They are released with the answer: whatever is kept of them is paid for where it is kept.
  const answer = meter.nested()
  for (const value of values) answer.allocate(approximateSize(value, maxBytes))
}

/** The budget of a call over that of its store. What is `undefined` is absent. */
function budgetOf(budget: Budget, options: Pick<OperationOptions, 'budget'>): Budget {
  if (options.budget === undefined) return budget
  const { maxRequests, maxDocuments, maxSteps, maxBytes } = options.budget
  return {
    ...budget,
    ...(maxRequests !== undefined && { maxRequests }),
    ...(maxDocuments !== undefined && { maxDocuments }),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(maxBytes !== undefined && { maxBytes }),
  }
}
