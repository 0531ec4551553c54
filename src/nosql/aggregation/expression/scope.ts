import { Meter } from '../../query/meter.ts'
import type { Document, Value } from '../../query/value.ts'
import { ExtentLimit } from './array/growth.ts'

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
  /** Variables set from outside: the `let` of a command or of `$lookup`, `$$DESCEND`, `$$PRUNE` and `$$KEEP`. */
  readonly variables: Readonly<Record<string, Result>>
  /** Values of `$let`, `$map`, `$filter` and `$reduce` variables, by the number that the compiler assigned. */
  readonly slots: Result[]
  readonly growth: ExtentLimit
  /** Pays for everything that is evaluated. */
  readonly meter: Meter
}

export interface ScopeOptions {
  readonly now: Date
  readonly random: () => number
  readonly variables?: Readonly<Record<string, Result>>
  /** @default a new meter with the default budget */
  readonly meter?: Meter | undefined
  readonly growth?: ExtentLimit | undefined
}

export function createScope(options: ScopeOptions): Scope {
  return {
    root: undefined,
    current: undefined,
    now: options.now,
    random: options.random,
    variables: options.variables ?? {},
    slots: [],
    growth: options.growth ?? new ExtentLimit(),
    meter: options.meter ?? new Meter(),
  }
}

/** Makes `document` both `$$ROOT` and `$$CURRENT`. */
export function enterDocument(scope: Scope, document: Document): Scope {
  scope.root = document
  scope.current = document
  return scope
}

/** Evaluates a constant expression, which has been evaluated before: that takes nothing. */
export function constantValue(evaluate: Evaluate): Result {
  return evaluate(createScope({ now: new Date(0), random: () => 0 }))
}

export function constant(value: Result): Evaluate {
  return Object.assign(() => value, { constant: true as const })
}
