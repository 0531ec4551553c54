import { describe, it } from 'vitest'
import type { TestFramework } from 'lexigram-edge/testing'

const optionTable = 'every option of every method is obeyed or refused'

/**
 * Vitest for a further lane of a driver: options are obeyed in front of its transport and of the layout of its tables, so
 * that the first lane shows it for all.
 */
export const secondLane: TestFramework = {
  describe: (topic, cases) => {
    if (topic !== optionTable) describe(topic, cases)
  },
  it: (name, run) => it(name, run, 60_000),
}
