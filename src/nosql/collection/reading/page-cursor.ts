import type { CursorSealer } from '../../../core/cursor/cursor-sealer.ts'
import type { SortValues } from '../../query/sort.ts'
import { fromTagged, toTagged } from '../../query/tagged-json.ts'

/** What a cursor belongs to: it is refused with any other store, collection, filter or sort. */
export interface PageBinding {
  readonly store: string
  readonly collection: string
  readonly filter: unknown
  readonly sort: readonly unknown[]
}

/** The place after a page as sealed text that fits into a URL. @throws UsageError for a position that is too long */
export function toPageCursor(sealer: CursorSealer, position: SortValues, binding: PageBinding): Promise<string> {
  // An empty array sorts as nothing at all, below null: it goes as an empty list, everything else as a list of one.
  const values = position.map((value) => (value === undefined ? [] : [toTagged(value)]))
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
