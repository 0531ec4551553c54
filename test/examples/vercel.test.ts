import { expect, it } from 'vitest'
import { describeExample } from './example.ts'

describeExample('vercel', ({ send }) => {
  it('answers 405 to methods that Vercel hands to no function', async () => {
    expect((await send('/products', { method: 'PROPFIND' })).status).toBe(405)
  })
})
