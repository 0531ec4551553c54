import { named, token, type Token } from 'lexigram-edge'
import { AggregationOp, AggregationPipeline, DocumentStore } from 'lexigram-edge/nosql'
import { views } from './collections.ts'

/** Counts what is looked at, in a separate store that may be slow without delaying an answer. */
export interface Analytics {
  viewed(productId: string): Promise<void>
  mostViewed(): Promise<readonly { productId: string; views: number }[]>
}

export const Analytics: Token<Analytics> = token<Analytics>('Analytics')

interface Views {
  readonly _id: string
  readonly views: number
}

export class DocumentAnalytics implements Analytics {
  static readonly inject = [named(DocumentStore, 'analytics')] as const
  readonly #store: DocumentStore

  constructor(store: DocumentStore) {
    this.#store = store
  }

  async viewed(productId: string) {
    await this.#store.collection(views).insertOne({ productId, at: new Date() })
  }

  async mostViewed() {
    const pipeline = new AggregationPipeline()
      .group({ _id: '$productId', views: AggregationOp.SUM(1) })
      .sort([
        ['views', -1],
        ['_id', 1],
      ])
      .limit(10)
    const rows = await this.#store.collection(views).aggregate<Views>(pipeline.build()).toArray()
    return rows.map(({ _id, views }) => ({ productId: _id, views }))
  }
}
