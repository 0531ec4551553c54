import { describe, expect, it } from 'vitest'
import { failuresOf, lambdaFunction } from '../../../../test/support/lambda-function.ts'
import { untilDeadline } from '../../../../test/lambda/deadline.ts'
import { kinesisRecord } from '../../../../test/lambda/fixtures/records.ts'
import { err, ok } from '../../../../src/runtime/index.ts'

const fails = ({ body }: { readonly body: unknown }): unknown => (body === 'fail' ? err(new Error('no')) : ok())

describe('records of Kinesis', () => {
  it('carry what the stream knows of them', async () => {
    const seen: unknown[] = []
    const { send } = lambdaFunction({
      kinesis: ({ id, body, partitionKey, timestamp }) => void seen.push(id, body, partitionKey, timestamp.getTime()),
    })
    await send({ Records: [kinesisRecord('1', '{"n":1}')] })
    expect(seen).toEqual(['1', { n: 1 }, 'key', 1545084650987])
  })

  it('records of Kinesis of a shard stop at the first failure, which is the checkpoint', async () => {
    const seen: string[] = []
    const { send } = lambdaFunction({ kinesis: (message) => (seen.push(message.id), fails(message)) })
    const records = [kinesisRecord('1', '1'), kinesisRecord('2', '"fail"'), kinesisRecord('3', '1')]
    expect(await send({ Records: records })).toEqual(failuresOf('2'))
    expect(seen).toEqual(['1', '2'])
  })

  it('records of Kinesis of two shards have a checkpoint for each', async () => {
    const other = 'shardId-000000000007'
    const records = [kinesisRecord('1', '"fail"'), kinesisRecord('7', '1', other), kinesisRecord('8', '"fail"', other)]
    expect(await lambdaFunction({ kinesis: fails }).send({ Records: records })).toEqual(failuresOf('1', '8'))
  })

  it('left over at the deadline begin at the checkpoint', async () => {
    const { send } = lambdaFunction({ kinesis: ({ id }) => (id === '2' ? new Promise(() => {}) : ok()) })
    const records = ['1', '2', '3'].map((id) => kinesisRecord(id, '1'))
    expect(await untilDeadline(() => send({ Records: records }))).toEqual(failuresOf('2'))
  })

  it.each(['aGVs*G8=', 5])('records of Kinesis whose data is %j come again unread', async (data) => {
    const seen: unknown[] = []
    const { send } = lambdaFunction({ kinesis: { body: 'bytes', handler: ({ body }) => void seen.push(body) } })
    const record = kinesisRecord('1', 'hello')
    expect(await send({ Records: [{ ...record, kinesis: { ...record.kinesis, data } }] })).toEqual(failuresOf('1'))
    expect(seen).toEqual([])
  })

  it('fail as a whole where the trigger does not report single failures', async () => {
    const { send } = lambdaFunction({ kinesis: { partialFailures: false, handler: fails } })
    await expect(send({ Records: [kinesisRecord('1', '"fail"')] })).rejects.toThrow('1 of 1 records')
  })
})
