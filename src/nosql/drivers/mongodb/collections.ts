import type { DriverContext } from '../../contract/context.ts'
import { hasCode, toStoreError } from './errors.ts'
import { callOptions } from './reads.ts'
import type { HeldClient } from './held-client.ts'

export async function ping(held: HeldClient, { signal }: DriverContext): Promise<void> {
  try {
    await held.db.command({ ping: 1 }, signal === undefined ? {} : { signal })
  } catch (error) {
    throw toStoreError(error, 'read')
  }
}

export async function listCollections(held: HeldClient, context: DriverContext): Promise<readonly string[]> {
  try {
    const listed = await held.db.listCollections({}, { ...callOptions({}, context), nameOnly: true }).toArray()
    return listed.map(({ name }) => name).filter((name) => !name.startsWith('system.'))
  } catch (error) {
    throw toStoreError(error, 'read')
  }
}

/** False when it was there. */
export async function createCollection(held: HeldClient, name: string, context: DriverContext): Promise<boolean> {
  try {
    await held.db.createCollection(name, callOptions({}, context))
    return true
  } catch (error) {
    if (hasCode(error, 48)) return false
    throw toStoreError(error, 'write')
  }
}

/** False when there was none: newer servers do not say so, hence the question before. */
export async function dropCollection(held: HeldClient, name: string, context: DriverContext): Promise<boolean> {
  try {
    const [found] = await held.db.listCollections({ name }, { nameOnly: true }).toArray()
    if (found === undefined) return false
    return await held.db.collection(name).drop(callOptions({}, context))
  } catch (error) {
    if (hasCode(error, 26)) return false
    throw toStoreError(error, 'write')
  }
}
