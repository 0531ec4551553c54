import { Hono } from 'hono'
import { ConflictError, err, NotFoundError, ok } from 'lexigram-edge'
import { resolve, respond, valid } from 'lexigram-edge/hono'
import { Analytics } from './analytics.ts'
import { Products } from './products.ts'
import { ProfileBody, ProfileRepository } from './profiles.ts'
import { NewReview, ReviewRepository } from './reviews.ts'

export const communityRoutes = new Hono()

communityRoutes.post('/products/:id/reviews', valid(NewReview), async (c) => {
  const product = await (await resolve(c, Products)).find(c.req.param('id'))
  if (!product.ok) return respond(c, product)
  const reviews = await resolve(c, ReviewRepository)
  return respond(c, ok(await reviews.save({ productId: product.value.id, ...c.req.valid('json') })), { status: 201 })
})

communityRoutes.get('/products/:id/reviews', async (c) => {
  const reviews = await resolve(c, ReviewRepository)
  const after = c.req.query('after')
  const page = await reviews.page({ where: { productId: c.req.param('id') }, after })
  return c.json(page)
})

communityRoutes.delete('/reviews/:id', async (c) => {
  const reviews = await resolve(c, ReviewRepository)
  return respond(c, (await reviews.delete(c.req.param('id'))) ? ok() : err(new NotFoundError('no review has this id')))
})

communityRoutes.post('/reviews/:id/restore', async (c) => {
  const reviews = await resolve(c, ReviewRepository)
  if (!(await reviews.restore(c.req.param('id'))))
    return respond(c, err(new NotFoundError('no deleted review has this id')))
  return respond(c, await reviews.get(c.req.param('id')))
})

communityRoutes.put('/profiles/:id', valid(ProfileBody), async (c) => {
  const profiles = await resolve(c, ProfileRepository)
  const { version, ...profile } = c.req.valid('json')
  const id = c.req.param('id')
  if (version === undefined && (await profiles.exists(id))) {
    return respond(c, err(new ConflictError('the profile exists: send the version that was read')))
  }
  return respond(c, ok(await profiles.save({ id, ...profile, ...(version !== undefined && { version }) })))
})

communityRoutes.get('/profiles/:id', async (c) => {
  const profiles = await resolve(c, ProfileRepository)
  return respond(c, await profiles.get(c.req.param('id')))
})

/** Tables, documents and the analytics store in one answer. */
communityRoutes.get('/dashboard', async (c) => {
  const [products, reviews, analytics] = await Promise.all([
    resolve(c, Products),
    resolve(c, ReviewRepository),
    resolve(c, Analytics),
  ])
  const [list, ratings, views] = await Promise.all([products.list(), reviews.ratings(), analytics.mostViewed()])
  const names = new Map(list.map(({ id, name }) => [id, name]))
  const named = <T extends { productId: string }>(row: T) => ({ ...row, name: names.get(row.productId) ?? null })
  return c.json({ products: list.length, ratings: ratings.map(named), mostViewed: views.map(named) })
})
