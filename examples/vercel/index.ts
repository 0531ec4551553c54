import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { neon } from 'lexigram-edge/sql/neon'
import { vercel } from 'lexigram-edge/vercel'
import { createApp } from '../app/app.ts'

export default vercel(createApp({ sql: [neon()], nosql: [memory({ aggregation: aggregation() })] }), {
  maxDuration: 60,
})
