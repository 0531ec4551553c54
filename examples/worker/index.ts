import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { neon } from 'lexigram-edge/sql/neon'
import { workers } from 'lexigram-edge/workers'
import { createApp } from '../app/app.ts'
import { snapshot } from './snapshot.ts'

export default workers(
  createApp({ sql: [neon()], nosql: [memory({ aggregation: aggregation(), snapshot, awaitSaves: true })] }),
)
