import type { DriverContext } from '../../../contract/context.ts'
import type { FirestoreDocument } from '../codec/codec.ts'
import { toReadError } from '../errors.ts'
import type { Transport } from '../transport.ts'

/** Names in one `batchGet`. */
export const getSize = 300

/** The documents with these names, as many as there are, each list of {@link getSize} at one moment. */
export async function getDocuments(
  transport: Transport,
  names: readonly string[],
  context: DriverContext,
): Promise<ReadonlyMap<string, FirestoreDocument>> {
  const all = new Map<string, FirestoreDocument>()
  for (let from = 0; from < names.length; from += getSize) {
    const body = { documents: names.slice(from, from + getSize) }
    for (const { found } of await ask(transport, body, context)) if (found !== undefined) all.set(found.name, found)
  }
  return all
}

async function ask(transport: Transport, body: object, context: DriverContext) {
  try {
    return (await transport.call('batchGet', body, { context, isIdempotent: true })) as readonly {
      readonly found?: FirestoreDocument
    }[]
  } catch (error) {
    throw toReadError(error)
  }
}
