import type { DocumentBackend } from '../contract/driver.ts'
import type { CompiledExpression, ExpressionEngine } from '../query/expression-engine.ts'
import { UnsupportedOperationError } from '../errors.ts'
import { requireEngine } from '../query/filter/parse-expression.ts'
import { assertEvaluable, assertStages } from '../query/assert-evaluable.ts'

/** What parses the expressions of a backend's filters, projections and updates; undefined where none are evaluated. */
export function expressionsOf({ aggregation, capabilities }: DocumentBackend): ExpressionEngine | undefined {
  return capabilities.evaluates === 'server' ? serverExpressions(aggregation) : aggregation
}

/** Checks expressions by shape alone. */
export const expressionsByShape = (): ExpressionEngine => serverExpressions(undefined)

/**
 * Replaces the engine where the server evaluates: expressions are checked by shape and passed on. One that has to be
 * evaluated here after all, because the server's part of a plan is not exact, needs the engine, compiled at that moment.
 */
function serverExpressions(engine: ExpressionEngine | undefined): ExpressionEngine {
  return {
    expression(expression, options) {
      assertEvaluable(expression)
      let evaluate: CompiledExpression | undefined
      return (document, variables) => {
        evaluate ??= requireLocal(engine, 'an expression').expression(expression, options)
        return evaluate(document, variables)
      }
    },
    transform(stages, options) {
      assertStages(stages, true)
      assertEvaluable(stages, 'pipeline')
      return (document, variables) =>
        requireLocal(engine, 'a pipeline update').transform(stages, options)(document, variables)
    },
    pipeline: (stages, options) => requireEngine(engine, 'aggregate').pipeline(stages, options),
  }
}

/** @throws UnsupportedOperationError for what only the server can evaluate, where it has to be evaluated here */
export function requireLocal(engine: ExpressionEngine | undefined, what: string): ExpressionEngine {
  if (engine !== undefined) return engine
  throw new UnsupportedOperationError(`${what} cannot run here: only the server can evaluate it`, {
    hint: 'Use operators of updates and projections without expressions, or store.native.',
  })
}
