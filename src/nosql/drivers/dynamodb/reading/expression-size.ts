import { ExpressionBuilder, type Condition } from './expression.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { bytes: 4096, operators: 300 }

/** What one operator weighs, so that the weight of an expression is at its limit when either its bytes or its operators are. */
const operatorWeight = limits.bytes / limits.operators

/** What the conditions of one filter may weigh together, beside those that the driver adds itself. */
export const mostWeight = limits.bytes - 200

/** What a condition adds to an expression at most, with the word that joins it to others and a negation. */
export function weightOf(condition: Condition): number {
  const text = condition(new ExpressionBuilder())
  // After others its placeholders have a digit more.
  const longer = count(text, /[#:]/g) + 26
  return Math.max(text.length + longer, (operatorsIn(text) + 2) * operatorWeight)
}

/** Whether DynamoDB takes an expression, whose names and values are all placeholders. */
export function isExpressionWithin(text: string): boolean {
  return text.length <= limits.bytes && operatorsIn(text) <= limits.operators
}

function operatorsIn(text: string): number {
  return count(text, /[<>=+]+|\b(?:AND|OR|NOT|IN|BETWEEN)\b|\w\(/g)
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
