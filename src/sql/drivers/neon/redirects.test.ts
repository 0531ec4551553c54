import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../database.ts'
import { neon, type NeonOptions } from './driver.ts'

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('an endpoint of Neon that redirects', () => {
  /** Answers everything with what reads as "not done", and notes that it was asked. */
  let asked = 0
  const target = createServer((_request, response) => {
    asked++
    response.writeHead(404).end()
  })
  let status = 303
  let location = ''
  const endpoint = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { location }).end())
  })
  let url: string

  beforeAll(async () => {
    location = `${await listen(target)}/secret-of-the-target?token=hunter3`
    url = await listen(endpoint)
  })
  afterAll(() => {
    target.close()
    endpoint.close()
  })

  const ask = async (query: ReturnType<typeof sql>, options: NeonOptions = {}) => {
    const database = await openDatabase({
      drivers: [neon({ endpoint: url, ...options })],
      url: 'postgresql://user:hunter2@db.example/app',
    })
    await using session = database.session()
    return await session.execute(query).then(
      () => expect.unreachable('expected a rejection'),
      (error: Error & { hint?: string }) => error,
    )
  }

  it.each([301, 302, 303, 307, 308])('leaves the outcome of a write unknown with %i', async (code) => {
    status = code
    const error = await ask(sql`insert into t values (1)`)
    expect(error).toMatchObject({ code: 'LEX_ERR_SQL_016', message: expect.stringContaining(`HTTP ${code}`) })
  })

  it('is not followed, so that no other host receives the password', async () => {
    asked = 0
    for (status of [301, 302, 303, 307, 308]) await ask(sql`insert into t values (1)`)
    expect(asked).toBe(0)
  })

  it('says of a read what to configure, without the target', async () => {
    status = 302
    const error = await ask(sql`select 1`)
    expect(error).toMatchObject({
      code: 'LEX_ERR_SQL_001',
      message: expect.stringContaining('HTTP 302'),
      hint: expect.stringContaining('neon({ endpoint })'),
    })
    expect(`${error.message} ${error.hint} ${JSON.stringify(error)}`).not.toMatch(/hunter|secret-of/)
  })

  it('is not hidden by a fetch that follows it against its options', async () => {
    status = 303
    const following: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'follow' })
    expect(await ask(sql`insert into t values (1)`, { fetch: following })).toMatchObject({ code: 'LEX_ERR_SQL_016' })
  })
})
