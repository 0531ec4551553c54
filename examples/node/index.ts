import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { serve } from 'lexigram-edge/node'
import { neon } from 'lexigram-edge/sql/neon'
import { pglite } from 'lexigram-edge/sql/pglite'
import { createApp } from '../app/app.ts'

const { url } = await serve(createApp({ sql: [neon(), pglite()], nosql: [memory({ aggregation: aggregation() })] }), {
  port: Number(process.env['PORT'] ?? 3000),
  // A container says 0.0.0.0.
  host: process.env['HOST'] ?? '127.0.0.1',
})
console.log(`the catalogue answers at ${url}`)
