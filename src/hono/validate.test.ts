import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { ContentTooLargeError } from '../core/errors.ts'
import * as setting from '../core/setting/schema.ts'
import { respond } from './respond.ts'
import { validJson } from './validate.ts'

const routes = new Hono()
routes.post('/', async (c) => respond(c, await validJson(c, setting.object({ id: setting.string() }))))

const statusOf = async (body: BodyInit): Promise<number> => {
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  return (await routes.request('/', init)).status
}

describe('validJson', () => {
  it('takes a body that fits', async () => {
    expect(await statusOf('{"id":"a"}')).toBe(200)
  })

  it('is a 400 for a body that is not JSON', async () => {
    expect(await statusOf('{')).toBe(400)
  })

  it('is a 422 for a body that does not fit', async () => {
    expect(await statusOf('{"id":1}')).toBe(422)
  })

  it('passes on why a body could not be read', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new ContentTooLargeError('too large')) })
    expect(await statusOf(body)).toBe(413)
  })
})
