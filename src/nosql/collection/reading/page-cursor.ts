import type { CursorSealer } from '../../../core/cursor/cursor-sealer.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { kindOf } from '../../../core/plain-object.ts'
import { isArray, isDocument, isObjectId, type Value } from '../../query/value.ts'
import type { SortValues } from '../../query/sort.ts'
import { isOrdered } from '../../query/vendor-order.ts'
import { isVendorValue } from '../../query/vendor-value.ts'
import { fromTagged, toTagged } from '../../query/tagged-json.ts'

/** What a cursor belongs to: it is refused with any other store, collection, filter or sort. */
export interface PageBinding {
  readonly store: string
  readonly collection: string
  readonly filter: unknown
  readonly sort: readonly unknown[]
}

/**
 * A position that this package can compare and keep.
 *
 * @throws UnsupportedOperationError for values of a vendor's own classes, whose order only their database knows
 */
export function assertPosition(position: SortValues): SortValues {
  for (const value of position) if (typeof value === 'object' && value !== null) assertKnown(value)
  return position
}

function assertKnown(value: Value): void {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return
  if (isArray(value)) return value.forEach(assertKnown)
  if (isDocument(value)) return Object.values(value).forEach(assertKnown)
  if (isObjectId(value) || (isVendorValue(value) && isOrdered(value))) return
  throw new UnsupportedOperationError(`pages cannot be sorted by ${kindOf(value)}`, {
    hint: 'Sort by another field, or use find with skip and limit.',
  })
}

/**
 * The place after a page as sealed text that fits into a URL.
 *
 * @throws UsageError for a position that is too long; UnsupportedOperationError for values of a vendor's own classes
 */
export function toPageCursor(sealer: CursorSealer, position: SortValues, binding: PageBinding): Promise<string> {
  // An empty array sorts as nothing at all, below null: it goes as an empty list, everything else as a list of one.
  const values = assertPosition(position).map((value) => (value === undefined ? [] : [toTagged(value)]))
  return sealer.seal(JSON.stringify(values), textOf(binding))
}

/** @throws BadRequestError for anything but a cursor of this query */
export async function fromPageCursor(sealer: CursorSealer, cursor: unknown, binding: PageBinding): Promise<SortValues> {
  const text = await sealer.open(cursor, textOf(binding))
  // Only `toPageCursor` can have written it.
  const position = JSON.parse(text) as readonly (readonly unknown[])[]
  return position.map((value) => (value.length === 0 ? undefined : fromTagged(value[0])))
}

function textOf({ store, collection, filter, sort }: PageBinding): string {
  return JSON.stringify(['documents', store, collection, toTagged(filter), sort])
}
