import { neon } from 'lexigram-edge/sql/neon'
import { pglite } from 'lexigram-edge/sql/pglite'
import { memory } from 'lexigram-edge/nosql/memory'
import { checkGraph } from 'lexigram-edge/testing'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../examples/app/app.ts'

describe('the example application', () => {
  it.each(['workers', 'lambda', 'vercel', 'vercel-edge'] as const)('fits together on %s', async (runtime) => {
    await expect(checkGraph(createApp({ sql: [neon()], nosql: [memory()] }), { runtime })).resolves.toBeUndefined()
  })

  it('fits together on node, with each of its drivers', async () => {
    const app = createApp({ sql: [pglite(), neon()], nosql: [memory()] })
    await expect(checkGraph(app, { runtime: 'node' })).resolves.toBeUndefined()
  })

  it('does not without a driver of documents', async () => {
    const app = createApp({ sql: [neon()], nosql: [] })
    await expect(checkGraph(app, { runtime: 'workers' })).rejects.toThrow(
      /provider nosql cannot register: [^]*\(Analytics → DocumentStore\(analytics\)\)/,
    )
  })
})
