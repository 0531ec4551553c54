import { expect, it } from 'vitest'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { scheduledEvent, sqsRecord } from '../lambda/fixtures/records.ts'
import { describeExample } from './example.ts'

const missing = findLambdaTools() === undefined ? 'not installed: npm run setup:lambda' : undefined

describeExample(
  'lambda',
  ({ send, printed }) => {
    const add = async (product: unknown): Promise<void> => {
      const headers = { 'content-type': 'application/json' }
      await (await send('/products', { method: 'POST', headers, body: JSON.stringify(product) })).text()
    }
    const invoke = (event: unknown): Promise<Response> =>
      send('/2015-03-31/functions/function/invocations', { method: 'POST', body: JSON.stringify(event) })

    it('hands back what it cannot book of a queue’s deliveries', async () => {
      await add({ id: 'mate', name: 'Mate', stock: 1 })
      const deliveries = { booked: { id: 'mate', by: 5 }, unknown: { id: 'none', by: 1 }, wrong: { by: 'many' } }
      const records = Object.entries(deliveries).map(([id, body]) => sqsRecord(id, JSON.stringify(body)))
      expect(await (await invoke({ Records: records })).json()).toEqual({
        batchItemFailures: [{ itemIdentifier: 'unknown' }, { itemIdentifier: 'wrong' }],
      })
      expect(await (await send('/products/mate')).json()).toMatchObject({ stock: 6 })
    })

    it('reports on a schedule', async () => {
      await add({ id: 'rooibos', name: 'Rooibos' })
      expect(await (await invoke(scheduledEvent)).json()).toBeNull()
      await expect.poll(() => printed.join('\n')).toContain('sold out: rooibos')
    })

    it('says of an event that it does not know that the function has failed', async () => {
      const failed = await invoke({ Records: [{ eventSource: 'nowhere' }] })
      expect([failed.status, failed.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled'])
    })
  },
  { missing },
)
