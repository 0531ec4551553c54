import type { MongoClient } from 'mongodb'
import type { ConnectionStates } from '../../../../core/tracing/connection-states.ts'

/**
 * Follows the connections of a client's pools, of which it has one for each server. Those by which it monitors servers
 * belong to none.
 *
 * @see https://github.com/mongodb/specifications/blob/master/source/connection-monitoring-and-pooling/connection-monitoring-and-pooling.md
 */
export function followClient(client: MongoClient, states: ConnectionStates): void {
  client.on('connectionReady', (event) => states.set(keyOf(event), 'idle'))
  client.on('connectionCheckedOut', (event) => states.set(keyOf(event), 'used'))
  client.on('connectionCheckedIn', (event) => states.set(keyOf(event), 'idle'))
  client.on('connectionClosed', (event) => states.end(keyOf(event)))
}

/** Pools number their connections, each from 1. */
function keyOf({ address, connectionId }: { address: string; connectionId: number | '<monitor>' }): string {
  return `${address} ${connectionId}`
}
