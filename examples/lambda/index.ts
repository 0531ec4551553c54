import { lambda } from 'lexigram-edge/lambda'
import { createApp } from '../app/app.ts'
import { documentDrivers, sqlDrivers } from '../app/databases.ts'
import { reportPoorReview } from './changes.ts'
import { bookDelivery, reportSoldOut } from './stock.ts'

const app = createApp({ sql: sqlDrivers, nosql: documentDrivers() })

export const handler = lambda(app, { on: { sqs: bookDelivery, dynamodb: reportPoorReview, schedule: reportSoldOut } })
