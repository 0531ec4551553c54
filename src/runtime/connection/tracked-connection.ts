import type { Connection } from './connectable.ts'

/** A connection that has opened, and what is known of it. */
export interface TrackedConnection<Command, Answer> {
  readonly connection: Connection<Command, Answer>
  /** When the server last answered. */
  lastSign: number
  /** A command has failed since: the server may have refused it, or be gone. */
  doubtful: boolean
  /** The driver noticed that it is gone. */
  lost: boolean
  /** Commands that a caller still waits for. */
  underWay: number
}

export function trackConnection<Command, Answer>(
  connection: Connection<Command, Answer>,
  lastSign: number,
): TrackedConnection<Command, Answer> {
  const held = { connection, lastSign, doubtful: false, lost: false, underWay: 0 }
  const lose = (): void => {
    held.lost = true
  }
  connection.closed?.then(lose, lose)
  return held
}

/** Whether it may be used without a ping. */
export function isFresh(held: TrackedConnection<unknown, unknown>, now: number, verifyAfter: number): boolean {
  const silence = now - held.lastSign
  // A clock that was set back says nothing about how long it has been silent.
  return !held.lost && !held.doubtful && silence >= 0 && silence < verifyAfter
}
