import { expect, it } from 'vitest'
import { memory } from '../drivers/memory/memory-driver.ts'
import { createStoreContext } from './store-context.ts'

/** The wait after an attempt, where the number at random is as large as it can be. */
async function waitAfter(number: number, attemptMs: number): Promise<number> {
  let waited = 0
  const { backOff } = createStoreContext(memory().open({}), {
    random: (bytes) => bytes.fill(255),
    sleep: async (milliseconds) => void (waited = milliseconds),
  })
  expect(await backOff({ number, since: Date.now() - number * attemptMs })).toBe(true)
  return Math.round(waited)
}

it.each([
  ['twice as long each time', 3, 0, 8],
  ['no longer than 256 ms where attempts are short', 20, 5, 256],
  ['until rivals no longer meet where attempts take long', 20, 100, 1600],
  ['not longer at first where attempts take long', 3, 1000, 8],
  ['five seconds at most', 20, 10_000, 5000],
])('A rival waits %s', async (_how, number, attemptMs, wait) => {
  expect(Math.abs((await waitAfter(number, attemptMs)) - wait)).toBeLessThan(20)
})
