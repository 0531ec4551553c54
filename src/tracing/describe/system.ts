import type { AttributeValue } from '../../core/tracing/tracer.ts'

/** By the conventions; a driver that they do not know keeps its name. */
const systems: Readonly<Record<string, string>> = { dynamodb: 'aws.dynamodb', firestore: 'gcp.firestore' }

/** What the conventions call the system of a driver. */
export function systemOf(driver: string): string {
  return systems[driver] ?? driver
}

/** A pool's own attributes. Its name would be that of a host, which is configuration: it is that of its database, if it has one. */
export function poolOf(system: string, pool: string = system): Readonly<Record<string, AttributeValue>> {
  return { 'db.system.name': system, 'db.client.connection.pool.name': pool }
}
