import { describe, expect, it } from 'vitest'
import { ok } from '../../src/core/result/result.ts'
import { countWalk } from './count-walk.ts'

describe('countWalk', () => {
  it('does the operation three times', async () => {
    let times = 0
    await countWalk(() => Promise.resolve(times++))
    expect(times).toBe(3)
  })

  it('counts nothing for an operation that calls nothing of the package', async () => {
    expect(await countWalk(() => Promise.resolve())).toMatchObject({ files: [], calls: 0 })
  })

  it('names the files whose functions ran', async () => {
    const { files } = await countWalk(() => Promise.resolve(ok(1)))
    expect(files).toEqual(['src/core/result/result.ts'])
  })
})
