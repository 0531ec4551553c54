import { neon } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'
import { Hono } from 'hono'
import { find } from './neon-table.js'

class Products {
  constructor(db) {
    this.db = db
  }

  find(id) {
    return find(this.db, id)
  }
}

const routes = new Hono()
let db
routes.get('/products/:id', (c) => {
  db ??= drizzle(neon(c.env.DATABASE_URL))
  const { params } = new Products(db).find(c.req.param('id'))
  return c.json({ id: params[0], name: 'lamp' })
})

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
