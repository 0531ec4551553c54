import middy from '@middy/core'
import jsonBodyParser from '@middy/http-json-body-parser'
import router from '@middy/http-router'
import { create, find } from './work.ts'

const json = (statusCode, value) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

export const handler = middy().handler(
  router([
    { method: 'GET', path: '/products/{id}', handler: async (event) => json(200, find(event.pathParameters.id)) },
    {
      method: 'POST',
      path: '/products',
      handler: middy()
        .use(jsonBodyParser())
        .handler(async (event) => json(201, create(event.body))),
    },
  ]),
)
