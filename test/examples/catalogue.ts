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
  /** The status of an answer whose body is read and dropped: a scope ends with its body. */
  const statusOf = async (path: string, init?: RequestInit): Promise<number> => {
    const response = await send(path, init)
    await response.arrayBuffer()
    return response.status
  }
  const problem = async (response: Response): Promise<Record<string, unknown>> => {
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const body = (await response.json()) as Record<string, unknown>
    expect(body['status']).toBe(response.status)
    return body
  }

  describe(`the catalogue on ${name}`, () => {
    beforeAll(async () => {
      await (await create({ id: 'tea', name: 'Tea', stock: 3 })).text()
    })

    it('creates, gets, lists, changes and deletes', async () => {
      const created = await create({ id: 'coffee', name: ' Coffee ' })
      expect(created.status).toBe(201)
      expect(await created.json()).toEqual({ id: 'coffee', name: 'Coffee', stock: 0 })
      expect(await (await send('/products/coffee')).json()).toEqual({ id: 'coffee', name: 'Coffee', stock: 0 })
      const changed = await send('/products/coffee/stock', json('PATCH', { by: 5 }))
      expect(await changed.json()).toMatchObject({ stock: 5 })
      expect(await (await send('/products')).json()).toMatchObject([{ id: 'coffee', stock: 5 }, { id: 'tea' }])
      expect(await statusOf('/products/coffee', { method: 'DELETE' })).toBe(204)
      expect(await statusOf('/products/coffee')).toBe(404)
    })

    it('answers the OpenAPI document', async () => {
      expect(await (await send('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0', paths: expect.anything() })
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
      // No order of them leaves less than nothing.
      const changes = [2, -1, 1, -1, 2, -1, 1, 1].map((by) => statusOf('/products/tea/stock', json('PATCH', { by })))
      expect(await Promise.all(changes)).toEqual(Array(8).fill(200))
      expect(await (await send('/products/tea')).json()).toMatchObject({ stock: 7 })
    })

    it('keeps reviews as documents, in pages, deletes them softly and restores them', async () => {
      const write = async (stars: number) => {
        const response = await send('/products/tea/reviews', json('POST', { author: 'Ada', stars, text: 'on tea' }))
        expect(response.status).toBe(201)
        return ((await response.json()) as { id: string }).id
      }
      const ids = [await write(5), await write(2)]
      expect(
        await problem(await send('/products/none/reviews', json('POST', { author: 'Ada', stars: 1 }))),
      ).toMatchObject({
        status: 404,
      })
      expect(await statusOf('/products/tea/reviews', json('POST', { author: 'Ada', stars: 9 }))).toBe(422)
      const reviews = async () => {
        const { items } = (await (await send('/products/tea/reviews')).json()) as { items: { id: string }[] }
        return items.map(({ id }) => id)
      }
      expect((await reviews()).toSorted()).toEqual(ids.toSorted())
      expect(await statusOf(`/reviews/${ids[1]}`, { method: 'DELETE' })).toBe(204)
      expect(await reviews()).toEqual([ids[0]])
      expect(await statusOf(`/reviews/${ids[1]}`, { method: 'DELETE' })).toBe(404)
      expect(await (await send(`/reviews/${ids[1]}/restore`, { method: 'POST' })).json()).toMatchObject({ stars: 2 })
      expect(await statusOf(`/reviews/${ids[1]}`, { method: 'DELETE' })).toBe(204)
      expect(await statusOf('/products/tea/reviews?after=forged')).toBe(400)
    })

    it('refuses to save a profile over somebody else’s change', async () => {
      const put = (body: unknown) => send('/profiles/ada', json('PUT', body))
      expect(await (await put({ name: 'Ada' })).json()).toMatchObject({ version: 1 })
      expect(await (await put({ name: 'Ada L.', version: 1 })).json()).toMatchObject({ name: 'Ada L.', version: 2 })
      expect(await problem(await put({ name: 'late', version: 1 }))).toMatchObject({ status: 409 })
      expect(await problem(await put({ name: 'blind' }))).toMatchObject({ status: 409 })
      expect(await (await send('/profiles/ada')).json()).toMatchObject({ name: 'Ada L.', version: 2 })
    })

    it('brings tables, documents and the analytics store together', async () => {
      const views = async () => {
        const { mostViewed } = (await (await send('/dashboard')).json()) as { mostViewed: { views: number }[] }
        return mostViewed[0]?.views ?? 0
      }
      const before = await views()
      await (await send('/products/tea')).text()
      // Counted after the response.
      await expect.poll(views).toBeGreaterThan(before)
      expect(await (await send('/dashboard')).json()).toMatchObject({
        products: 1,
        ratings: [{ productId: 'tea', name: 'Tea', stars: 5, reviews: 1 }],
        mostViewed: expect.arrayContaining([expect.objectContaining({ productId: 'tea', name: 'Tea' })]),
      })
    })

    it('is healthy', async () => {
      expect(await statusOf('/health/live')).toBe(200)
      const health = (await (await send('/health/ready')).json()) as { status: string; checks: { name: string }[] }
      expect([health.status, ...health.checks.map((check) => check.name).toSorted()]).toEqual([
        'healthy',
        'nosql',
        'sql',
      ])
    })
  })
}
