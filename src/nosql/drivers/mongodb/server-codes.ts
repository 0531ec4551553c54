/**
 * Codes of the server that say nothing of what was asked, by what it has done with a command by then.
 *
 * @see https://www.mongodb.com/docs/manual/reference/error-codes/
 */

/** Nothing: it is not the primary, no member is one, or it takes no more requests. */
export const notBegun: ReadonlySet<number> = new Set([133, 462, 10107, 13435, 13436])

/** It is shutting down or stops being the primary, or a router has lost the shard. */
export const gone: ReadonlySet<number> = new Set([6, 7, 89, 91, 189, 9001, 11600, 11602])

/** It has ended the command itself: a lock or a snapshot that was not to be had, an administrator, a lost cursor. */
export const stopped: ReadonlySet<number> = new Set([
  24, 43, 134, 150, 175, 202, 234, 237, 239, 246, 262, 365, 11601, 13388,
])

/** Whether a command ended with one of these codes after it had begun. */
export function isInterrupted({ code }: { readonly code?: unknown }): boolean {
  return typeof code === 'number' && (gone.has(code) || stopped.has(code))
}
