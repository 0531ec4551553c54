import { UsageError } from '../../../../src/core/errors.ts'
import type { Backend } from '../backend.ts'

/** Does what a case's command says: for tests of the runner itself. */
export const createBackend = async (): Promise<Backend> => ({
  async command({ answer, refuse, crash, hang }) {
    if (refuse === true) throw new UsageError('refused')
    if (crash === true) throw new TypeError('crashed')
    if (hang === true) loopForever()
    return { ok: 1, cursor: { firstBatch: Array.isArray(answer) ? answer : [] } }
  },
})

/** Never yields: only ending its thread helps. */
function loopForever(): never {
  for (;;);
}
