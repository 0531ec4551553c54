import { describe, it } from 'vitest'
import type { TestFramework } from 'lexigram-edge/testing'
import { optionTopic } from '../../src/testing/document-store-conformance/option-table/option-table.ts'

/**
 * Vitest for a further lane of a driver: options are obeyed in front of its transport and of the layout of its tables, so
 * that the first lane shows it for all.
 */
export const secondLane: TestFramework = {
  describe: (topic, cases) => {
    if (topic !== optionTopic) describe(topic, cases)
  },
  it: (name, run) => it(name, run, 60_000),
}
