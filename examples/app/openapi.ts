import { Hono, type MiddlewareHandler } from 'hono'
import { describeRoute, generateSpecs, resolver, uniqueSymbol, type DescribeRouteOptions } from 'hono-openapi'
import type { Product } from './product.ts'
import * as v from 'valibot'
import { routes } from './routes.ts'

type Answers = NonNullable<DescribeRouteOptions['responses']>
type Schema = v.GenericSchema<unknown, unknown>

const view: v.GenericSchema<unknown, Pick<Product, 'id' | 'name' | 'stock'>> = v.object({
  id: v.string(),
  name: v.string(),
  stock: v.number(),
})
const review = v.object({
  id: v.string(),
  productId: v.string(),
  author: v.string(),
  stars: v.number(),
  text: v.string(),
})
const profile = v.object({ id: v.string(), name: v.string(), interests: v.array(v.string()), version: v.number() })
const ratings = v.array(v.object({ productId: v.string(), stars: v.number(), name: v.nullable(v.string()) }))
const viewed = v.array(v.object({ productId: v.string(), views: v.number(), name: v.nullable(v.string()) }))
const problem = v.object({ type: v.string(), title: v.string(), status: v.number(), code: v.optional(v.string()) })

const ok = (description: string, schema: Schema) => content(description, 'application/json', schema)
const refused = (description: string) => content(description, 'application/problem+json', problem)
const missing = { 404: refused('there is none with this id') }

/** What each route answers. What it takes is known from `valid`. */
const answers: Readonly<Record<string, Answers>> = {
  'GET /products': { 200: ok('all products', v.array(view)) },
  'POST /products': { 201: ok('the new product', view), 409: refused('there is one with this id') },
  'GET /products/:id': { 200: ok('the product', view), ...missing },
  'PATCH /products/:id/stock': { 200: ok('the product', view), ...missing, 409: refused('there is not enough') },
  'DELETE /products/:id': { 204: { description: 'it is deleted' }, ...missing },
  'POST /products/:id/reviews': { 201: ok('the new review', review), ...missing },
  'GET /products/:id/reviews': { 200: ok('a page of reviews', v.object({ items: v.array(review) })) },
  'DELETE /reviews/:id': { 204: { description: 'it is deleted' }, ...missing },
  'POST /reviews/:id/restore': { 200: ok('the review', review), ...missing },
  'PUT /profiles/:id': { 200: ok('the profile', profile), 409: refused('it has changed since it was read') },
  'GET /profiles/:id': { 200: ok('the profile', profile), ...missing },
  'GET /dashboard': { 200: ok('counts', v.object({ products: v.number(), ratings, mostViewed: viewed })) },
}

/**
 * The OpenAPI document of the routes, which `openapi.json` holds.
 *
 * @throws Error when a route is not described
 */
export async function openApiDocument(): Promise<Record<string, unknown>> {
  const described = new Hono()
  for (const { method, path, handler } of routes.routes) {
    // The document itself, and middleware.
    if (path === '/openapi.json' || path === '/*') continue
    const responses = answers[`${method} ${path}`]
    if (responses === undefined) throw new Error(`${method} ${path} must be described`)
    const body = bodyOf(handler)
    const refusals = body && { 400: refused('not JSON'), 422: refused('the body does not fit') }
    described.on(method, [path], describeRoute({ responses: { ...responses, ...refusals } }))
    if (body !== undefined) described.on(method, [path], Object.assign(middleware(), { [uniqueSymbol]: body }))
  }
  const info = { title: 'Catalogue', version: '1.0.0', description: 'Products, reviews and profiles' }
  return { ...(await generateSpecs(described, { documentation: { info }, defaultValidationErrorResponse: false })) }
}

/** A middleware that only carries a description. */
const middleware = (): MiddlewareHandler => (_c, next) => next()

/** The body that a handler made by `valid` takes. */
function bodyOf(handler: object) {
  if (!('schema' in handler)) return undefined
  // Only `valid` passes handlers a schema, and every schema of this application is valibot's.
  return {
    target: 'json' as const,
    ...resolver(handler.schema as Schema, { typeMode: 'input', ignoreActions: ['trim'] }),
  }
}

function content(description: string, type: string, schema: Schema) {
  return { description, content: { [type]: { schema: resolver(schema) } } }
}
