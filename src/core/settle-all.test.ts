import { describe, expect, it } from 'vitest'
import { settleAll } from './settle-all.ts'

describe('settleAll', () => {
  it('returns the reasons of what failed, in the order of the work', async () => {
    const late = new Promise((_, reject) => setTimeout(reject, 0, 'first'))
    expect(await settleAll([late, Promise.resolve(1), Promise.reject('second')])).toEqual(['first', 'second'])
  })

  it('returns an empty array when all succeed', async () => {
    expect(await settleAll([Promise.resolve(1)])).toEqual([])
  })

  it('counts a failure without a reason', async () => {
    expect(await settleAll([Promise.reject(undefined)])).toEqual([undefined])
  })
})
