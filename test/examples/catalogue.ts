import { beforeAll, describe, expect, it } from 'vitest'

/** Sends one request to the example, wherever it runs. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** What the example's catalogue answers on every runtime and over every database. Starts on an empty one. */
export function describeCatalogue(name: string, send: Send): void {
  const create = (product: unknown): Promise<Response> => send('/products', json('POST', product))
  const problem = async (response: Response): Promise<Record<string, unknown>> => {
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const body = (await response.json()) as Record<string, unknown>
    expect(body['status']).toBe(response.status)
    return body
  }

  describe(`the catalogue on ${name}`, () => {
    beforeAll(async () => {
      await create({ id: 'tea', name: 'Tea', stock: 3 })
    })

    it('creates, gets, lists, changes and deletes', async () => {
      const created = await create({ id: 'coffee', name: ' Coffee ' })
      expect(created.status).toBe(201)
      expect(await created.json()).toEqual({ id: 'coffee', name: 'Coffee', stock: 0 })
      expect(await (await send('/products/coffee')).json()).toEqual({ id: 'coffee', name: 'Coffee', stock: 0 })
      const changed = await send('/products/coffee/stock', json('PATCH', { by: 5 }))
      expect(await changed.json()).toMatchObject({ stock: 5 })
      expect(await (await send('/products')).json()).toMatchObject([{ id: 'coffee', stock: 5 }, { id: 'tea' }])
      expect((await send('/products/coffee', { method: 'DELETE' })).status).toBe(204)
      expect((await send('/products/coffee')).status).toBe(404)
    })

    it('answers 404 for unknown routes and products', async () => {
      expect(await problem(await send('/nowhere'))).toMatchObject({ status: 404 })
      expect(await problem(await send('/products/none'))).toMatchObject({ status: 404, code: 'LEX_ERR_DOM_002' })
      expect(await problem(await send('/products/none', { method: 'DELETE' }))).toMatchObject({ status: 404 })
      expect(await problem(await send('/products/none/stock', json('PATCH', { by: 1 })))).toMatchObject({ status: 404 })
    })

    it('answers 400 for malformed JSON and 422 with field paths for what does not fit', async () => {
      expect(await problem(await create('{"id":'))).toMatchObject({ status: 400 })
      expect(await problem(await send('/products', { method: 'POST' }))).toMatchObject({ status: 400 })
      const refused = await problem(await create({ id: 'UPPER CASE', stock: -1 }))
      expect(refused['status']).toBe(422)
      const paths = (refused['issues'] as { path: string[] }[]).map((issue) => issue.path.join('.'))
      expect(paths.toSorted()).toEqual(['id', 'name', 'stock'])
    })

    it('answers 409 for a duplicate and changes nothing', async () => {
      const duplicate = await problem(await create({ id: 'tea', name: 'Another', stock: 9 }))
      expect(duplicate).toMatchObject({ status: 409, code: 'LEX_ERR_DB_005' })
      expect(JSON.stringify(duplicate)).not.toContain('Another')
      expect(await (await send('/products/tea')).json()).toEqual({ id: 'tea', name: 'Tea', stock: 3 })
    })

    it('rolls a refused stock change back, and loses none under concurrency', async () => {
      expect(await problem(await send('/products/tea/stock', json('PATCH', { by: -4 })))).toMatchObject({ status: 409 })
      const changes = Array.from({ length: 8 }, (_, i) =>
        send('/products/tea/stock', json('PATCH', { by: i % 2 ? -1 : 2 })),
      )
      expect((await Promise.all(changes)).map((response) => response.status)).toEqual(Array(8).fill(200))
      expect(await (await send('/products/tea')).json()).toMatchObject({ stock: 7 })
    })

    it('is healthy', async () => {
      expect((await send('/health/live')).status).toBe(200)
      expect(await (await send('/health/ready')).json()).toMatchObject({ status: 'healthy', checks: [{ name: 'sql' }] })
    })
  })
}
