import { beforeAll, describe, expect, it } from 'vitest'
import type { Outcome } from './case.ts'
import { hostileCases } from './cases.ts'
import { runHostileCases } from './run-all.ts'

/** In milliseconds: far above what any case needs, and far below for ever. */
const time = 60_000
const memory = 256
/** In milliseconds. Beside other work on the same cores it reads higher, and a case takes half of it at most when alone. */
const processorTime = 2000

describe('Hostile input ends within two seconds of a processor and 256 MiB, and changes nothing', () => {
  let outcomes: readonly Outcome[] = []
  beforeAll(async () => {
    outcomes = await runHostileCases({ time, memory })
  }, 1_200_000)

  it.each(hostileCases.map(({ name, ends }, index) => ({ name, ends, index })))('$name: $ends', ({ ends, index }) => {
    expect(outcomes[index]?.ends).toBe(ends)
    expect(outcomes[index]?.cpu).toBeLessThan(processorTime)
  })
})
