/** What an open connection of a pool is: free to be used, or in use. By OpenTelemetry's conventions. */
export type ConnectionState = 'idle' | 'used'

/** Takes each change of how many connections a pool has in a state. Never throws. */
export type CountConnections = (state: ConnectionState, change: 1 | -1) => void

/** The same for the pools of several databases; the name is undefined for the only one. */
export type CountPoolConnections = (state: ConnectionState, change: 1 | -1, pool?: string) => void

/** What each connection of a pool is, so that one which ends is taken off where it was. */
export interface ConnectionStates {
  /** Takes a connection to a state: one that is new, or that was in another. Again and it does nothing. */
  set(connection: unknown, state: ConnectionState): void
  /** Takes a connection off that has ended. Again and it does nothing. */
  end(connection: unknown): void
  /** Takes all off that are left: their pool has ended. */
  endAll(): void
}

/** Follows the connections of one pool. @returns undefined without `count` */
export function connectionStates(count: CountConnections | undefined): ConnectionStates | undefined {
  if (count === undefined) return undefined
  const states = new Map<unknown, ConnectionState>()
  const end = (connection: unknown): void => {
    const state = states.get(connection)
    if (state === undefined) return
    states.delete(connection)
    count(state, -1)
  }
  return {
    set(connection, state) {
      if (states.get(connection) === state) return
      end(connection)
      states.set(connection, state)
      count(state, 1)
    },
    end,
    endAll: () => [...states.keys()].forEach(end),
  }
}
