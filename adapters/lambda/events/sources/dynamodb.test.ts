import type { DynamoDBRecord } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { failuresOf, lambdaFunction } from '../../../../test/support/lambda-function.ts'
import { dynamodbRecord } from '../../../../test/lambda/fixtures/records.ts'
import { err } from '../../../../src/runtime/index.ts'

describe('changes of a DynamoDB table', () => {
  it('are handled in their order, whatever the concurrency', async () => {
    const seen: unknown[] = []
    const handler = async (record: DynamoDBRecord): Promise<void> => {
      if (record.dynamodb?.SequenceNumber === '1') await new Promise(setImmediate)
      seen.push(record.dynamodb?.SequenceNumber)
      if (record.dynamodb?.SequenceNumber === '2') throw new Error('no')
    }
    const { send } = lambdaFunction({ dynamodb: { concurrency: 10, handler } })
    expect(await send({ Records: ['1', '2', '3'].map(dynamodbRecord) })).toEqual(failuresOf('2'))
    expect(seen).toEqual(['1', '2'])
  })

  it('fail as a whole where the trigger does not report single failures', async () => {
    const { send } = lambdaFunction({ dynamodb: { partialFailures: false, handler: () => err(new Error('no')) } })
    await expect(send({ Records: [dynamodbRecord('1')] })).rejects.toThrow('1 of 1 records')
  })
})
