// The same with a repository in the request's scope, whose session has to be released.
import { Hono } from 'hono'
import { createApplication, provider, token } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { lambda } from 'lexigram-edge/lambda'
import { create, find, type Product } from './work.ts'

interface Products {
  readonly find: typeof find
  readonly create: typeof create
}

let open = 0
class Session {
  constructor() {
    open++
  }

  async [Symbol.asyncDispose](): Promise<void> {
    open--
  }
}
const Products = token<Products>('Products')
class SessionProducts implements Products {
  static readonly inject = [Session] as const
  readonly session: Session
  readonly find = find
  readonly create = create

  constructor(session: Session) {
    if (open > 1) throw new Error(`${open} sessions are open`)
    this.session = session
  }
}

const services = provider('services', {
  register: (container) => container.scoped(Session, Session).scoped(Products, SessionProducts),
})

const routes = new Hono()
routes.get('/products/:id', async (c) => c.json((await resolve(c, Products)).find(c.req.param('id'))))
routes.post('/products', async (c) => {
  const products = await resolve(c, Products)
  return c.json(products.create(await c.req.json<Product>()), 201)
})

export const handler = lambda(createApplication({ name: 'bench', providers: [services], fetch: routes.fetch }))
