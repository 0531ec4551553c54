import { beforeAll, describe, expect, it } from 'vitest'
import { hostileCases } from './cases.ts'
import { runHostileCases } from './run-all.ts'

/** Far above what any case needs, and far below for ever. */
const limit = 60_000

describe('Hostile input ends at once, in an answer or in an error of ours, and changes nothing', () => {
  let outcomes: readonly string[] = []
  beforeAll(async () => {
    outcomes = await runHostileCases(limit)
  }, 600_000)

  it.each(hostileCases.map(({ name, ends }, index) => ({ name, ends, index })))('$name: $ends', ({ ends, index }) => {
    expect(outcomes[index]).toBe(ends)
  })
})
