import { DocumentRepository, DocumentStore, type Document, type WithId } from 'lexigram-edge/nosql'
import * as v from 'valibot'
import { reviews } from './collections.ts'

export interface Review {
  readonly id?: string
  readonly productId: string
  readonly author: string
  readonly stars: number
  readonly text: string
  readonly createdAt?: Date
}

export const NewReview = v.object({
  author: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  stars: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  text: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
})

/** Reviews as documents; a deleted one is only marked, and can be restored. */
export class ReviewRepository extends DocumentRepository<Review> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = reviews.name

  constructor(store: DocumentStore) {
    super(store, { softDelete: true, timestamps: true })
  }

  protected documentToEntity({ _id, ...review }: WithId<Document>): Review {
    // Only this repository writes the collection.
    return { id: String(_id), ...review } as unknown as Review
  }

  protected entityToDocument({ id, ...review }: Review) {
    return { _id: id, ...review }
  }

  /** How each product is rated, best first; deleted reviews do not count. */
  async ratings(): Promise<readonly { productId: string; stars: number; reviews: number }[]> {
    const rows = this.collection().aggregate<{ _id: string; stars: number; reviews: number }>([
      { $group: { _id: '$productId', stars: { $avg: '$stars' }, reviews: { $sum: 1 } } },
      { $sort: { stars: -1, _id: 1 } },
    ])
    return (await rows.toArray()).map(({ _id, stars, reviews }) => ({ productId: _id, stars, reviews }))
  }
}
