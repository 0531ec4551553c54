import type { DriverContext } from '../../contract/context.ts'
import { hasCode, toStoreError } from './errors.ts'
import { callOptions } from './reads.ts'
import type { Transport } from './transport.ts'

export async function ping(transport: Transport, { signal }: DriverContext): Promise<void> {
  try {
    await transport.db().command({ ping: 1 }, signal === undefined ? {} : { signal })
  } catch (error) {
    throw toStoreError(error, 'read')
  }
}

export async function listCollections(transport: Transport, context: DriverContext): Promise<readonly string[]> {
  try {
    const listed = await transport
      .db()
      .listCollections({}, { ...callOptions({ collection: never }, context), nameOnly: true })
      .toArray()
    return listed.map(({ name }) => name).filter((name) => !name.startsWith('system.'))
  } catch (error) {
    throw toStoreError(error, 'read')
  }
}

/** False when it was there. */
export async function createCollection(transport: Transport, name: string, context: DriverContext): Promise<boolean> {
  try {
    await transport.db().createCollection(name, callOptions({ collection: never }, context))
    return true
  } catch (error) {
    if (hasCode(error, 48)) return false
    throw toStoreError(error, 'write')
  }
}

/** False when there was none: newer servers do not say so, hence the question before. */
export async function dropCollection(transport: Transport, name: string, context: DriverContext): Promise<boolean> {
  try {
    const [found] = await transport.db().listCollections({ name }, { nameOnly: true }).toArray()
    if (found === undefined) return false
    return await transport
      .db()
      .collection(name)
      .drop(callOptions({ collection: never }, context))
  } catch (error) {
    if (hasCode(error, 26)) return false
    throw toStoreError(error, 'write')
  }
}

/** These commands are about the database. */
function never(): never {
  throw new TypeError('there is no collection here')
}
