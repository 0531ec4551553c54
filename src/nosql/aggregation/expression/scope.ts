import type { Document, Value } from '../../query/value.ts'
import { overBudget } from './failure.ts'
import { ExtentLimit } from './growth.ts'

/** What an expression yields; `undefined` is MongoDB's "missing". */
export type Result = Value | undefined

/** A compiled expression. `constant` is set when the result depends on nothing. */
export interface Evaluate {
  (scope: Scope): Result
  readonly constant?: true
  /** Why evaluating it can only fail. */
  readonly failure?: unknown
}

/** Everything an evaluation may look at. One scope serves a whole pipeline; {@link enterDocument} moves it on. */
export interface Scope {
  /** `$$ROOT` */
  root: Result
  /** `$$CURRENT`; what `$field` is read from. */
  current: Result
  /** `$$NOW` */
  readonly now: Date
  /** Uniform in [0, 1): `$rand`. */
  readonly random: () => number
  /** Variables set from outside: the `let` of a command or of `$lookup`, `$$DESCEND` and its like. */
  readonly variables: Readonly<Record<string, Result>>
  /** Values of `$let`, `$map`, `$filter` and `$reduce` variables, by the number the compiler gave them. */
  readonly slots: Result[]
  readonly growth: ExtentLimit
  /** Iterations left for this document. */
  steps: number
}

export interface ScopeOptions {
  readonly now: Date
  readonly random: () => number
  readonly variables?: Readonly<Record<string, Result>>
}

const STEPS_PER_DOCUMENT = 2_000_000
const STEPS_OF_A_LOOP = 100

export function createScope(options: ScopeOptions): Scope {
  return {
    root: undefined,
    current: undefined,
    now: options.now,
    random: options.random,
    variables: options.variables ?? {},
    slots: [],
    growth: new ExtentLimit(),
    steps: STEPS_PER_DOCUMENT,
  }
}

/** Makes `document` both `$$ROOT` and `$$CURRENT` and renews the budget of iterations. */
export function enterDocument(scope: Scope, document: Document): Scope {
  scope.root = document
  scope.current = document
  scope.steps = STEPS_PER_DOCUMENT
  return scope
}

/** Pays for one iteration of an array operator; nested loops over hostile input end here. */
export function spend(scope: Scope, steps = 1): void {
  scope.steps -= steps
  if (scope.steps < 0) overBudget(`More than ${STEPS_PER_DOCUMENT} iterations for one document.`)
}

/** Whether so much was done for this document that only loops explain it. */
export function isLooping(scope: Scope): boolean {
  return scope.steps < STEPS_PER_DOCUMENT - STEPS_OF_A_LOOP
}

/** Evaluates a constant expression. */
export function constantValue(evaluate: Evaluate): Result {
  return evaluate(createScope({ now: new Date(0), random: () => 0 }))
}

export function constant(value: Result): Evaluate {
  return Object.assign(() => value, { constant: true as const })
}
