import { failure, type Answer, type Body, type Send } from './transactions.ts'

/**
 * `UpdateTimeToLive`, `DescribeTimeToLive`, and what DynamoDB does by them. It deletes within days of the time; here a test
 * says when.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export function createTimeToLive(send: Send) {
  const attributeOf = new Map<string, string>()
  return {
    async update(body: Body): Promise<Answer> {
      const table = String(body['TableName'])
      const { status, body: found } = await send('DescribeTable', { TableName: table })
      if (status !== 200) return { status, body: found }
      const given = body['TimeToLiveSpecification'] as { readonly AttributeName: string; readonly Enabled: boolean }
      if (given.Enabled === attributeOf.has(table)) return failure('ValidationException', 'TimeToLive is already so')
      if (given.Enabled) attributeOf.set(table, given.AttributeName)
      else attributeOf.delete(table)
      return { status: 200, body: { TimeToLiveSpecification: given } }
    },
    describe(body: Body): Answer {
      const AttributeName = attributeOf.get(String(body['TableName']))
      const description = { TimeToLiveStatus: AttributeName === undefined ? 'DISABLED' : 'ENABLED' }
      return {
        status: 200,
        body: { TimeToLiveDescription: { ...description, ...(AttributeName !== undefined && { AttributeName }) } },
      }
    },
    forget: (table: string): void => void attributeOf.delete(table),
    /** Deletes the items of a table whose time has come. It looks at numbers only, as DynamoDB does. */
    async sweep(TableName: string, now: number): Promise<number> {
      const attribute = attributeOf.get(TableName)
      let deleted = 0
      if (attribute !== undefined) {
        const { body } = await send('Scan', { TableName })
        for (const item of (body['Items'] ?? []) as readonly Readonly<Record<string, Body>>[]) {
          const seconds = item[attribute]?.['N']
          if (typeof seconds !== 'string' || Number(seconds) * 1000 > now) continue
          await send('DeleteItem', { TableName, Key: { pk: item['pk'], sk: item['sk'] } })
          deleted += 1
        }
      }
      return deleted
    },
  }
}
