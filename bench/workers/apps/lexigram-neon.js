import { Hono } from 'hono'
import { createApplication, defineConfig, provider } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { DatabaseConfig, TransactionalDbSession, sqlProvider } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'
import { workers } from 'lexigram-edge/workers'
import { find } from './neon-table.js'

class Products {
  static inject = [TransactionalDbSession]

  constructor(session) {
    this.session = session
  }

  find(id) {
    return find(this.session.db, id)
  }
}

const catalog = provider('catalog', { register: (container) => container.scoped(Products, Products) })
const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const { params } = (await resolve(c, Products)).find(c.req.param('id'))
  return c.json({ id: params[0], name: 'lamp' })
})

export default workers(
  createApplication({
    name: 'bench',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [sqlProvider({ drivers: [neon()] }), catalog],
    fetch: routes.fetch,
  }),
)
