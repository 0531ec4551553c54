import type { Answer, Body, Send } from './transactions.ts'

/**
 * Sends a write. Where its condition fails, the item is in the answer if the request asks for it, which dynalite does not
 * know. The caller keeps all other requests out meanwhile.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html ReturnValuesOnConditionCheckFailure
 */
export async function withItemOfFailure(send: Send, operation: string, body: Body): Promise<Answer> {
  const { ReturnValuesOnConditionCheckFailure: wanted, ...plain } = body
  const answer = await send(operation, plain)
  const isFailed = String(answer.body['__type']).endsWith('#ConditionalCheckFailedException')
  if (wanted !== 'ALL_OLD' || !isFailed) return answer
  const found = await send('GetItem', { TableName: body['TableName'], Key: body['Key'], ConsistentRead: true })
  const { Item } = found.body
  return Item === undefined ? answer : { ...answer, body: { ...answer.body, Item } }
}
