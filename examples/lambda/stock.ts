import { BadRequestError, err, type ConflictError, type NotFoundError, type Result, type Scope } from 'lexigram-edge'
import type { Message } from 'lexigram-edge/runtime'
import * as v from 'valibot'
import type { Product } from '../app/product.ts'
import { Products } from '../app/products.ts'

const Delivery = v.object({ id: v.string(), by: v.pipe(v.number(), v.integer()) })

/** Books a delivery. SQS hands its messages to it, and so would a Cloudflare queue: a failure has them come again. */
export async function bookDelivery(
  message: Message,
  scope: Scope,
): Promise<Result<Product, BadRequestError | NotFoundError | ConflictError>> {
  const delivery = v.safeParse(Delivery, message.body)
  if (!delivery.success) return err(new BadRequestError('a delivery must have an id and a number of pieces'))
  const products = await scope.resolve(Products)
  return products.adjustStock(delivery.output.id, delivery.output.by)
}

/** Tells the log what has to be ordered. */
export async function reportSoldOut(_event: unknown, scope: Scope): Promise<void> {
  const products = await scope.resolve(Products)
  const soldOut = (await products.list()).filter(({ stock }) => stock === 0)
  console.log(`sold out: ${soldOut.map(({ id }) => id).join(', ') || 'nothing'}`)
}
