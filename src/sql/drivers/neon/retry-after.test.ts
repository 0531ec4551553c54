import { describe, expect, it } from 'vitest'
import { neonHttp } from './http.ts'

const write = { text: 'insert into t values (1)', params: [] }
const read = { text: 'select 1', params: [] }
const busy = (status: number, wait: string) => new Response('', { status, headers: { 'retry-after': wait } })

/** Answers with this once, and then with a result. */
function endpointOf(answer: Response) {
  let sent = 0
  const send: typeof fetch = async () => (sent++ === 0 ? answer : Response.json({ fields: [], rows: [], rowCount: 1 }))
  const options = { endpoint: 'http://there/sql', fetch: send, authToken: undefined, maxAnswerBytes: 1000 }
  const http = neonHttp('postgresql://u:p@there/d', options)
  const { signal } = new AbortController()
  return { execute: (statement: typeof read) => http.execute(statement, { signal }), sent: () => sent }
}

describe('an endpoint of Neon that asks to wait', () => {
  it('is asked again, after the wait, where it has refused a request', async () => {
    const { execute } = endpointOf(busy(429, '0.03'))
    const began = performance.now()
    expect(await execute(write)).toMatchObject({ rowCount: 1 })
    expect(performance.now() - began).toBeGreaterThanOrEqual(29)
  })

  it('is asked again for a read that failed', async () => {
    const { execute, sent } = endpointOf(busy(503, '0.01'))
    await execute(read)
    expect(sent()).toBe(2)
  })

  it('is not asked again for a write that may have been carried out', async () => {
    const { execute, sent } = endpointOf(busy(503, '0.01'))
    await expect(execute(write)).rejects.toMatchObject({ code: 'LEX_ERR_SQL_016' })
    expect(sent()).toBe(1)
  })

  it('is not waited for where the wait is long', async () => {
    const { execute, sent } = endpointOf(busy(429, '30'))
    await expect(execute(write)).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_001',
      hint: 'Try again in 30 seconds: the service asked for this wait.',
      details: { retryAfter: 30_000 },
    })
    expect(sent()).toBe(1)
  })

  it('is not asked again where it names no wait', async () => {
    const { execute, sent } = endpointOf(new Response('', { status: 429 }))
    await expect(execute(write)).rejects.toMatchObject({ code: 'LEX_ERR_SQL_001' })
    expect(sent()).toBe(1)
  })
})
