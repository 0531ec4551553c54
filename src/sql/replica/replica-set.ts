import type { DriverConnection } from '../contract/driver.ts'

/** A database that has been opened, or a replica of it. */
export interface OpenDatabase {
  readonly name: string
  readonly connection: DriverConnection
}

/** The replicas of a database, and which of them could not be reached lately. */
export interface ReplicaSet {
  /** What they are replicas of: asked when none of them can be. */
  readonly source: OpenDatabase
  /** The one whose turn it is, without those that were tried and those that rest. */
  choose(tried: ReadonlySet<OpenDatabase>): OpenDatabase
  answered(replica: OpenDatabase): void
  /** Lets it rest for a while. @param error why */
  failed(replica: OpenDatabase, error: unknown): void
}

export interface ReplicaSetOptions {
  readonly now: () => number
  /** Called each time a replica begins to rest. */
  readonly onRest: (replica: OpenDatabase, error: unknown) => void
}

/** How long a replica that cannot be reached is left alone, in milliseconds; a single session tries it then. */
const restMs = 5_000

export function createReplicaSet(
  source: OpenDatabase,
  replicas: readonly OpenDatabase[],
  { now, onRest }: ReplicaSetOptions,
): ReplicaSet {
  // By chance, so that instances which start together do not ask the same one.
  let turn = Math.floor(Math.random() * replicas.length)
  const restsUntil = new Map<OpenDatabase, number>()
  const isUsable = (replica: OpenDatabase): boolean => {
    const until = restsUntil.get(replica)
    return until === undefined || now() >= until
  }
  return {
    source,
    choose(tried) {
      turn = (turn + 1) % replicas.length
      const inTurn = [...replicas.slice(turn), ...replicas.slice(0, turn)]
      const chosen = inTurn.find((replica) => !tried.has(replica) && isUsable(replica))
      if (chosen === undefined) return source
      // One session tries whether it is reachable again; the others do not wait for it.
      if (restsUntil.has(chosen)) restsUntil.set(chosen, now() + restMs)
      return chosen
    },
    answered(replica) {
      restsUntil.delete(replica)
    },
    failed(replica, error) {
      const isKnown = !isUsable(replica)
      restsUntil.set(replica, now() + restMs)
      if (!isKnown) onRest(replica, error)
    },
  }
}
