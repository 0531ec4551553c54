import { TimeoutError } from '../../core/errors.ts'
import type { CallOptions } from './store-context.ts'

/**
 * Looks before anything is sent, so that whoever is too late knows that nothing was done: of what was sent, nobody knows.
 *
 * @throws the reason of the signal; TimeoutError `LEX_ERR_INFRA_002` after the deadline
 */
export function assertInTime({ signal, deadline }: CallOptions): void {
  signal?.throwIfAborted()
  if (deadline !== undefined && Date.now() > deadline) {
    throw new TimeoutError('the operation cannot complete: its deadline has passed')
  }
}
