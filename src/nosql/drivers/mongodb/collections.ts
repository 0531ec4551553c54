import type { DriverContext } from '../../contract/context.ts'
import type { HeldClient } from './transport/held-client.ts'
import { callOptions } from './reading/reads.ts'
import { sendRead, sendWrite } from './transport/send.ts'
import { hasCode } from './vendor-error.ts'

export async function ping(held: HeldClient, context: DriverContext): Promise<void> {
  await sendRead({ held }, context, ({ signal }) =>
    held.db.command({ ping: 1 }, signal === undefined ? {} : { signal }),
  )
}

export async function listCollections(held: HeldClient, context: DriverContext): Promise<readonly string[]> {
  const listed = await sendRead({ held }, context, (sending) =>
    held.db.listCollections({}, { ...callOptions(sending, context), nameOnly: true }).toArray(),
  )
  return listed.map(({ name }) => name).filter((name) => !name.startsWith('system.'))
}

/** False when it was there. */
export function createCollection(held: HeldClient, name: string, context: DriverContext): Promise<boolean> {
  return sendWrite({ held }, context, async (sending) => {
    try {
      await held.db.createCollection(name, callOptions(sending, context))
      return true
    } catch (error) {
      if (hasCode(error, 48)) return false
      throw error
    }
  })
}

/** False when there was none: newer servers do not say so, hence the question before. */
export async function dropCollection(held: HeldClient, name: string, context: DriverContext): Promise<boolean> {
  const [found] = await sendRead({ held }, context, (sending) =>
    held.db.listCollections({ name }, { ...callOptions(sending, context), nameOnly: true }).toArray(),
  )
  if (found === undefined) return false
  return sendWrite({ held }, context, async (sending) => {
    try {
      return await held.db.collection(name).drop(callOptions(sending, context))
    } catch (error) {
      if (hasCode(error, 26)) return false
      throw error
    }
  })
}
