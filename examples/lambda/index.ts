import { lambda } from 'lexigram-edge/lambda'
import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { neon } from 'lexigram-edge/sql/neon'
import { createApp } from '../app/app.ts'
import { bookDelivery, reportSoldOut } from './stock.ts'

const app = createApp({ sql: [neon()], nosql: [memory({ aggregation: aggregation() })] })

export const handler = lambda(app, { on: { sqs: bookDelivery, schedule: reportSoldOut } })
