/** `$expr`, which needs the aggregation engine. */

import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import type { ExpressionEngine } from '../expression-engine.ts'
import type { FilterNode } from '../filter-node.ts'
import { badValue } from '../refusal.ts'
import { isTruthy } from './operators-element.ts'
import { type FilterScope, placeOf } from './scope.ts'

export function parseExpression(source: unknown, scope: FilterScope): FilterNode {
  if (scope.nested) throw badValue('$expr cannot be used inside $elemMatch', placeOf(scope))
  if (scope.upsert === true) {
    throw new NoSQLFilterError('$expr cannot be used in the filter of an upsert', {
      reason: 'QueryFeatureNotAllowed',
      path: placeOf(scope),
      hint: 'Ask with other operators, or put the condition into a pipeline update.',
    })
  }
  const { variables, meter } = scope
  const options = variables === undefined ? {} : { variables: Object.keys(variables) }
  const evaluate = requireEngine(scope.engine, '$expr').expression(source, { ...options, path: placeOf(scope), meter })
  return { kind: 'expression', source, holds: (document) => isTruthy(evaluate(document, variables)) }
}

/** @throws UnsupportedOperationError when no engine was handed to the driver */
export function requireEngine(engine: ExpressionEngine | undefined, feature: string): ExpressionEngine {
  if (engine !== undefined) return engine
  throw new UnsupportedOperationError(`${feature} cannot run: the driver has no aggregation engine`, {
    hint: "Import { aggregation } from 'lexigram-edge/nosql/aggregation' and pass aggregation() to the driver.",
    details: { feature },
  })
}
