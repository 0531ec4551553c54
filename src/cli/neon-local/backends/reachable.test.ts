import type { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { assertReachable } from './reachable.ts'

const url = 'postgresql://root:hunter2@db/app'

function answering(connect: () => Promise<void>) {
  const log: string[] = []
  const client = { connect, end: () => Promise.resolve(void log.push('end')) }
  // Only these two are called.
  return { log, create: () => client as unknown as Client }
}

describe('a server that is asked at start', () => {
  it('is left again when it lets this process in', async () => {
    const { log, create } = answering(() => Promise.resolve())
    await assertReachable(url, create)
    expect(log).toEqual(['end'])
  })

  it.each([
    [{ code: '28P01', message: 'for user "root"' }, 'it refuses the password (28P01)'],
    [{ code: '3D000' }, 'it does not have the database (3D000)'],
    [{ errors: [{ code: 'ECONNREFUSED' }] }, 'it does not answer (ECONNREFUSED)'],
    [{ message: 'timeout expired' }, 'it does not answer (no answer)'],
  ])('is reported in a line: %j', async (failure, what) => {
    const { create } = answering(() => Promise.reject(Object.assign(new Error(), failure)))
    const expected = { code: 'LEX_ERR_USE_001', message: `the PostgreSQL server of --postgres cannot be used: ${what}` }
    await expect(assertReachable(url, create)).rejects.toMatchObject(expected)
  })
})
