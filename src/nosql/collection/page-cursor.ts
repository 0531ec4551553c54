import { BadRequestError } from '../../core/errors.ts'
import { fromBase64Url, toBase64Url } from '../../core/base64.ts'
import type { SortValues } from '../query/sort.ts'
import { fromTagged, toTagged } from '../query/tagged-json.ts'

/** What a cursor belongs to: it is refused with any other collection, filter or sort. */
export interface PageBinding {
  readonly secret: string
  readonly collection: string
  readonly filter: unknown
  readonly sort: readonly unknown[]
}

const encoder = new TextEncoder()

/** The place behind a page as text that fits into a URL: what it sorts by, and a signature (HMAC-SHA-256). */
export async function toPageCursor(position: SortValues, binding: PageBinding): Promise<string> {
  // An empty array sorts as nothing at all, below null: it goes as an empty list, everything else as a list of one.
  const payload = encoder.encode(
    JSON.stringify(position.map((value) => (value === undefined ? [] : [toTagged(value)]))),
  )
  return `${toBase64Url(payload)}.${toBase64Url(await sign(payload, binding))}`
}

/** @throws {BadRequestError} for a cursor that was changed, or that belongs to another query. */
export async function fromPageCursor(cursor: string, binding: PageBinding): Promise<SortValues> {
  try {
    const [head = '', tail = '', ...rest] = cursor.split('.')
    const payload = fromBase64Url(head)
    const signature = fromBase64Url(tail)
    if (rest.length === 0 && same(signature, await sign(payload, binding))) {
      const position = JSON.parse(new TextDecoder().decode(payload)) as readonly (readonly unknown[])[]
      return position.map((value) => (value.length === 0 ? undefined : fromTagged(value[0])))
    }
  } catch {
    // Not even the shape of a cursor: the same answer.
  }
  throw new BadRequestError('This page cursor does not belong to this query.', {
    hint: 'Pass the cursor of the page before, with the same filter and sort; or start again without one.',
  })
}

async function sign(payload: Uint8Array, { secret, ...bound }: PageBinding): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const text = encoder.encode(JSON.stringify([...payload, toTagged(bound)]))
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, text)).slice(0, 16)
}

/** Takes the same time wherever the difference is. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (const [i, byte] of a.entries()) difference |= byte ^ (b[i] ?? 0)
  return difference === 0
}
