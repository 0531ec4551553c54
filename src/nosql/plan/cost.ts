import type { DialectLimits, Translation } from './dialect.ts'

/** What a native filter counts for against a dialect's limits. */
export interface Cost {
  readonly disjunctions: number
  readonly conditions: number
  readonly scarce: number
}

export const noCost: Cost = { disjunctions: 1, conditions: 0, scarce: 0 }

export function costOf({ disjunctions = 1, conditions = 1, scarce = 0 }: Omit<Translation<unknown>, 'native'>): Cost {
  return { disjunctions, conditions, scarce }
}

/** Of both together: multiplied out, each disjunction of the one meets each of the other. */
export function costOfAnd(costs: readonly Cost[]): Cost {
  return {
    disjunctions: costs.reduce((product, cost) => product * cost.disjunctions, 1),
    conditions: costs.reduce((sum, cost) => sum + cost.conditions, 0),
    scarce: costs.reduce((sum, cost) => sum + cost.scarce, 0),
  }
}

/** Of one or the other: side by side. */
export function costOfOr(costs: readonly Cost[]): Cost {
  return {
    disjunctions: costs.reduce((sum, cost) => sum + cost.disjunctions, 0),
    conditions: costs.reduce((sum, cost) => sum + cost.conditions, 0),
    scarce: costs.reduce((most, cost) => Math.max(most, cost.scarce), 0),
  }
}

export function isWithin(cost: Cost, limits: DialectLimits): boolean {
  const { disjunctions = Infinity, conditions = Infinity, scarce = Infinity } = limits
  return cost.disjunctions <= disjunctions && cost.conditions <= conditions && cost.scarce <= scarce
}
