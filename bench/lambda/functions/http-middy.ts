import middy from '@middy/core'
import jsonBodyParser from '@middy/http-json-body-parser'
import router from '@middy/http-router'
import { create, find, type Product } from './work.ts'

interface Event {
  readonly pathParameters: { readonly id: string }
  readonly body: Product
}

const json = (statusCode: number, value: object): object => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

const routes = [
  { method: 'GET', path: '/products/{id}', handler: async (event: Event) => json(200, find(event.pathParameters.id)) },
  {
    method: 'POST',
    path: '/products',
    handler: middy()
      .use(jsonBodyParser())
      .handler(async (event: unknown) => json(201, create((event as Event).body))),
  },
]

// Its types describe events before their middleware.
export const handler = middy().handler(router(routes as never) as never)
