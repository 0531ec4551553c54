import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { MongoClient } from 'mongodb'

interface Product {
  readonly _id: string
  readonly name: string
}

const products = new MongoClient(process.env['MONGODB_URI'] ?? '').db('bench').collection<Product>('products')
const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const found = await products.findOne({ _id: c.req.param('id') })
  return c.json(found === null ? null : { id: found._id, name: found.name })
})

export const handler = handle(routes)
