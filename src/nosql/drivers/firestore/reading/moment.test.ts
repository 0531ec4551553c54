import { expect, it } from 'vitest'
import { atOneMoment, type Moment } from './moment.ts'

const answer = (readTime: string) => [{ readTime }]

it('all requests are of the moment of the first one', async () => {
  const moment: Moment = {}
  const asked: unknown[] = []
  const ask = (readTime: string) =>
    atOneMoment(moment, async (members) => {
      asked.push(members)
      return answer(readTime)
    })
  await Promise.all([ask('1'), ask('2'), ask('3')])
  expect(asked).toEqual([{}, { readTime: '1' }, { readTime: '1' }])
})

it('a first request that fails decides nothing', async () => {
  const moment: Moment = {}
  const failed = atOneMoment(moment, () => Promise.reject(new Error('no answer')))
  const second = atOneMoment(moment, async (members) => {
    expect(members).toEqual({})
    return answer('2')
  })
  await expect(failed).rejects.toThrow('no answer')
  expect(await second).toEqual(answer('2'))
  expect(moment.readTime).toBe('2')
})
