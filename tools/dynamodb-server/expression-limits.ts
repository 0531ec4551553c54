import type { Body } from './transactions.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { bytes: 4096, operators: 300 }

const kinds = [
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
]

/**
 * What DynamoDB says of an expression that is too long or has too many operators, which dynalite takes. It looks into the
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
  }
  const items = body['TransactItems']
  if (!Array.isArray(items)) return undefined
  const actions = items.flatMap((item: Readonly<Record<string, Body>>) => Object.values(item))
  return actions.map(refusedExpression).find((refusal) => refusal !== undefined)
}

function operatorsIn(expression: string): number {
  return expression.match(/<>|[<>]=?|=|[+]|\b(?:AND|OR|NOT|IN|BETWEEN)\b|\b[a-z_]+\s*\(/g)?.length ?? 0
}
