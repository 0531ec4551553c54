import type { OperationOptions } from '../collection/checks/operation-options.ts'

/** A migration reads whole collections on purpose: the store's policy and budgets for requests are not for it. */
export const withoutLimits: OperationOptions = {
  scans: 'allow',
  budget: { maxRequests: Infinity, maxDocuments: Infinity, maxSteps: Infinity },
}
