import type { DriverContext } from '../../../contract/context.ts'
import type { FirestoreDocument } from '../codec/codec.ts'
import { FirestoreFailure, toReadError } from '../errors.ts'
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
  const different = [...new Set(names)]
  for (let from = 0; from < different.length; from += getSize) {
    const body = { documents: different.slice(from, from + getSize) }
    for (const { found } of await batchGet(transport, body, context))
      if (found !== undefined) all.set(found.name, found)
  }
  return all
}

export interface GetAnswer {
  readonly found?: FirestoreDocument
  readonly missing?: string
  readonly readTime?: string
}

/**
 * Asks for documents by their names, at most {@link getSize} and none twice. Each of them is found or missing.
 *
 * @throws what a failed read is for the portable layer
 */
export async function batchGet(
  transport: Transport,
  body: { readonly documents: readonly string[]; readonly readTime?: string },
  context: DriverContext,
): Promise<readonly GetAnswer[]> {
  try {
    const answers = (await transport.call('batchGet', body, { context, isIdempotent: true })) as readonly GetAnswer[]
    // What is not spoken of is not known to be missing.
    if (answers.filter(({ found, missing }) => (found ?? missing) !== undefined).length === body.documents.length)
      return answers
    throw new FirestoreFailure('INTERNAL')
  } catch (error) {
    throw toReadError(error)
  }
}
