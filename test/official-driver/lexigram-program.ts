import type { Collection, DocumentStore as Db, DocumentStore as MongoClient } from 'lexigram-edge/nosql'

interface Product {
  _id: string
  name: string
  price: number
  stock: number
  tags: string[]
  maker: { country: string; name: string }
  rating?: number
}

interface Order {
  _id: string
  product: string
  quantity: number
  status: 'open' | 'paid'
  lines: { sku: string; quantity: number }[]
  at: Date
}

/** A program as users of MongoDB's driver write it; it returns what it saw. */
export async function program(client: MongoClient, db: Db): Promise<unknown[]> {
  const products = db.collection<Product>('products')
  const orders = db.collection<Order>('orders')
  return [
    await inserting(products),
    await finding(products),
    await updating(products),
    await aggregating(products),
    await buying(client, products, orders),
    await deleting(products, orders),
  ]
}

async function inserting(products: Collection<Product>) {
  await products.createIndex({ name: 1 }, { unique: true })
  await products.createIndexes([{ key: { price: 1 } }, { key: { 'maker.country': 1, price: -1 }, name: 'by_country' }])
  const maker = { country: 'DE', name: 'Kahla' }
  const { insertedId } = await products.insertOne({
    _id: 'mug',
    name: 'Mug',
    price: 9,
    stock: 3,
    tags: ['large', 'sale'],
    maker,
  })
  const { insertedCount, insertedIds } = await products.insertMany([
    { _id: 'cup', name: 'Espresso cup', price: 6, stock: 10, tags: ['small'], maker },
    { _id: 'bowl', name: 'Bowl', price: 12, stock: 0, tags: ['large'], maker: { country: 'FR', name: 'Revol' } },
    { _id: 'jug', name: 'Jug', price: 21, stock: 2, tags: [], maker: { country: 'FR', name: 'Revol' }, rating: 4 },
  ])
  return [insertedId, insertedCount, Object.values(insertedIds), await products.estimatedDocumentCount()]
}

async function finding(products: Collection<Product>) {
  const seen: unknown[] = []
  const cheap = products
    .find({ price: { $lt: 20 }, $or: [{ tags: 'large' }, { 'maker.country': 'DE' }] })
    .sort({ price: -1 })
    .skip(1)
    .limit(2)
  for await (const product of cheap) seen.push(product.name)
  const names = await products
    .find({}, { sort: { name: 1 } })
    .map((product) => product.name.toUpperCase())
    .toArray()
  const projected = await products
    .find({ stock: { $gt: 0 } })
    .sort({ price: 1, _id: 1 })
    .project<{ name: string }>({ _id: 0, name: 1 })
    .toArray()
  const cursor = products.find({ tags: { $in: ['large'] } }).sort([['price', 'desc']])
  while (await cursor.hasNext()) seen.push((await cursor.next())?._id)
  await cursor.close()
  await products
    .find({ rating: { $exists: true } })
    .sort('name', 1)
    .forEach((product) => {
      seen.push(product.rating)
    })
  const one = await products.findOne({ name: /^B/ }, { projection: { maker: 1 } })
  const counts = [
    await products.countDocuments({ stock: 0 }),
    await products.distinct('maker.name', { price: { $gt: 1 } }),
  ]
  return [seen, names, projected, one, counts]
}

async function updating(products: Collection<Product>) {
  const one = await products.updateOne(
    { _id: 'mug' },
    { $set: { rating: 5, 'maker.name': 'KPM' }, $inc: { stock: 2 }, $pull: { tags: 'sale' } },
  )
  const many = await products.updateMany({ 'maker.country': 'FR' }, { $mul: { price: 2 }, $push: { tags: 'import' } })
  const upserted = await products.updateOne(
    { _id: 'pot' },
    { $set: { name: 'Pot', price: 30, stock: 1, tags: [], maker: { country: 'IT', name: 'Bialetti' } } },
    { upsert: true },
  )
  const after = await products.findOneAndUpdate(
    { name: 'Pot' },
    { $inc: { price: 1 } },
    { returnDocument: 'after', projection: { price: 1 } },
  )
  const before = await products.findOneAndReplace(
    { _id: 'pot' },
    { name: 'Teapot', price: 31, stock: 1, tags: ['tea'], maker: { country: 'IT', name: 'Bialetti' } },
  )
  const told = await products.findOneAndUpdate(
    { _id: 'cup' },
    { $currentDate: {}, $set: { rating: 3 } },
    { includeResultMetadata: true },
  )
  const bulk = await products.bulkWrite([
    { updateMany: { filter: { rating: { $exists: false } }, update: { $set: { rating: 1 } } } },
    { updateOne: { filter: { _id: 'bowl' }, update: { $max: { rating: 2 } } } },
    { deleteOne: { filter: { _id: 'pot' } } },
  ])
  return [
    [one.matchedCount, one.modifiedCount, many.modifiedCount, upserted.upsertedId],
    [after?.price, before?.name, told.value?.name, told.ok],
    [bulk.matchedCount, bulk.modifiedCount, bulk.deletedCount],
    await products
      .find({}, { projection: { _id: 1, price: 1, rating: 1, tags: 1 } })
      .sort({ _id: 1 })
      .toArray(),
  ]
}

async function aggregating(products: Collection<Product>) {
  const perCountry = products.aggregate<{ _id: string; total: number; names: string[] }>([
    { $match: { price: { $gt: 5 } } },
    { $sort: { name: 1 } },
    { $group: { _id: '$maker.country', total: { $sum: '$price' }, names: { $push: '$name' } } },
    { $sort: { _id: 1 } },
  ])
  const rows: unknown[] = []
  for await (const { _id, total, names } of perCountry) rows.push([_id, total, names])
  const [stats] = await products.aggregate([{ $group: { _id: null, most: { $max: '$price' } } }]).toArray()
  return [rows, stats?.['most']]
}

async function buying(client: MongoClient, products: Collection<Product>, orders: Collection<Order>) {
  const buy = async (product: string, quantity: number) => {
    const session = client.startSession()
    try {
      return await session.withTransaction(async () => {
        const { modifiedCount } = await products.updateOne(
          { _id: product, stock: { $gte: quantity } },
          { $inc: { stock: -quantity } },
          { session },
        )
        await orders.insertOne(
          {
            _id: `${product}-${quantity}`,
            product,
            quantity,
            status: 'open',
            lines: [{ sku: product, quantity }],
            at: new Date(0),
          },
          { session },
        )
        if (modifiedCount === 0) throw new Error(`too few of ${product}`)
        return orders.countDocuments({ product }, { session })
      })
    } finally {
      await session.endSession()
    }
  }
  const seen: unknown[] = [await buy('mug', 2)]
  await buy('mug', 100).catch((error: Error) => seen.push(error.message))
  await client.withSession(async (session) => {
    await session.withTransaction(async () => {
      await orders.updateOne({ product: 'mug' }, { $set: { status: 'paid', 'lines.$[].quantity': 1 } }, { session })
    })
  })
  return [...seen, (await products.findOne({ _id: 'mug' }))?.stock, await orders.find().toArray()]
}

async function deleting(products: Collection<Product>, orders: Collection<Order>) {
  const { deletedCount } = await products.deleteMany({ stock: { $lte: 0 } })
  const gone = await orders.findOneAndDelete({ status: 'paid' }, { sort: { at: -1 } })
  await products.dropIndexes()
  await orders.drop()
  return [deletedCount, gone?.product, await products.countDocuments(), await orders.countDocuments()]
}
