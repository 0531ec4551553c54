import type { StoredDocument } from '../../contract/query.ts'
import type { Meter } from '../../query/meter.ts'
import type { Document } from '../../query/value.ts'

/** Bytes that a page may need. */
const FULL = 8 * 1024 * 1024

/** What a projection makes of the documents. A page ends where it needs many bytes. */
export async function* projectedPages(
  pages: AsyncIterable<readonly StoredDocument[]>,
  project: (document: Document) => Document,
  meter: Meter,
): AsyncGenerator<readonly StoredDocument[], void> {
  for await (const page of pages) {
    const { allocated } = meter
    let projected: StoredDocument[] = []
    for (const { document, revision } of page) {
      projected.push({ document: project(document), revision })
      if (meter.tired) await meter.rest()
      if (meter.allocated - allocated < FULL) continue
      yield projected
      projected = []
      meter.release(allocated)
    }
    if (projected.length > 0) yield projected
    meter.release(allocated)
  }
}
