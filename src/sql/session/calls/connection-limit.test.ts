import { describe, expect, it } from 'vitest'
import { ConnectionLimit } from './connection-limit.ts'

const tick = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('ConnectionLimit', () => {
  it('lets as many in as there are, the others in order', async () => {
    const slots = new ConnectionLimit(2, 1_000)
    const order: number[] = []
    const holders = [1, 2, 3, 4].map(async (n) => {
      const release = await slots.acquire()
      order.push(n)
      return release
    })
    await tick()
    expect(order).toEqual([1, 2])
    ;(await holders[1])?.()
    await tick()
    expect(order).toEqual([1, 2, 3])
    ;(await holders[0])?.()
    await tick()
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('passes the slot on to the next when who waits gives up', async () => {
    const slots = new ConnectionLimit(1, 1_000)
    const release = await slots.acquire()
    const client = new AbortController()
    const first = slots.acquire(client.signal)
    const second = slots.acquire()
    client.abort(new RangeError('left'))
    await expect(first).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002', cause: { message: 'left' } })
    release()
    ;(await second)()
    expect(await slots.use(() => Promise.resolve('in'))).toBe('in')
    await expect(slots.acquire(client.signal)).rejects.toMatchObject({ cause: { message: 'left' } })
  })

  it('counts a release once', async () => {
    const slots = new ConnectionLimit(1, 10)
    const release = await slots.acquire()
    release()
    release()
    await slots.acquire()
    await expect(slots.acquire()).rejects.toMatchObject({ code: 'LEX_ERR_SQL_004' })
  })

  it('frees a slot when the work fails', async () => {
    const slots = new ConnectionLimit(1, 10)
    await expect(slots.use(() => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError)
    expect(await slots.use(() => Promise.resolve('in'))).toBe('in')
  })

  it('forgets who gave up waiting', async () => {
    const slots = new ConnectionLimit(1, 10)
    const release = await slots.acquire()
    await expect(slots.acquire()).rejects.toMatchObject({ status: 503 })
    release()
    expect(await slots.use(() => Promise.resolve('in'))).toBe('in')
  })
})
