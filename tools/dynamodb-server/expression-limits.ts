import type { Body } from './transactions.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { bytes: 4096, operators: 300, operands: 100 }

const kinds = [
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
]

/**
 * What DynamoDB says of an expression that is too long, or has too many operators or operands of `IN`, which dynalite takes. It looks into the
 * items of a transaction, too.
 */
export function refusedExpression(body: Body): string | undefined {
  for (const kind of kinds) {
    const expression = body[kind]
    if (typeof expression !== 'string') continue
    const bytes = Buffer.byteLength(expression)
    if (bytes > limits.bytes) {
      return `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`
    }
    const operators = operatorsIn(expression)
    if (operators > limits.operators) {
      return `Invalid ${kind}: The expression contains too many operators; operator count: ${operators}`
    }
    const operands = Math.max(0, ...operandsOfLists(expression))
    if (operands > limits.operands) {
      return `Invalid ${kind}: The IN operator is provided with too many operands; number of operands: ${operands}`
    }
  }
  const items = body['TransactItems']
  if (!Array.isArray(items)) return undefined
  const actions = items.flatMap((item: Readonly<Record<string, Body>>) => Object.values(item))
  return actions.map(refusedExpression).find((refusal) => refusal !== undefined)
}

/** Names of fields are placeholders, which may have any word in them. */
function operatorsIn(expression: string): number {
  const operators = /<>|[<>]=?|=|[+]|(?<![#:\w])(?:(?:AND|OR|NOT|IN|BETWEEN)\b|[a-z_]+\s*\()/g
  return expression.match(operators)?.length ?? 0
}

function operandsOfLists(expression: string): readonly number[] {
  const lists = expression.matchAll(/(?<![#:\w])IN\s*\(([^)]*)\)/g)
  return Array.from(lists, ([, operands = '']) => operands.split(',').length)
}
