import { create, find, type Product } from './work.ts'

interface Event {
  readonly rawPath: string
  readonly requestContext: { readonly http: { readonly method: string } }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

export const handler = async ({ rawPath, requestContext, body = '', isBase64Encoded }: Event): Promise<object> => {
  const { method } = requestContext.http
  if (method === 'GET' && rawPath.startsWith('/products/')) return json(200, find(rawPath.slice(10)))
  if (method === 'POST' && rawPath === '/products') {
    const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
    return json(201, create(JSON.parse(text) as Product))
  }
  return json(404, {})
}

const json = (statusCode: number, value: object): object => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
