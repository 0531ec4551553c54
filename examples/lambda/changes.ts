import { documentChanges, type StreamRecord } from 'lexigram-edge/nosql/dynamodb'
import { reviews } from '../app/collections.ts'

const changeOf = documentChanges(reviews)

/** Logs a poor review, so that it can be answered. The table's stream has every other change as well. */
export function reportPoorReview(record: StreamRecord): void {
  const change = changeOf(record)
  if (change?.kind !== 'insert' || change.after === null) return
  const { productId, stars } = change.after
  if (typeof stars === 'number' && stars <= 2) console.log(`poor review: ${String(change.id)} of ${String(productId)}`)
}
