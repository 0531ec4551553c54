import type { DriverQuery } from '../contract/query.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import type { Meter } from '../query/meter.ts'
import type { Document } from '../query/value.ts'

/** A checked query with what is needed to finish here what the backend leaves. */
export interface ParsedQuery extends DriverQuery {
  readonly meter: Meter
  /** What becomes of each document at the end. */
  readonly project?: ((document: Document) => Document) | undefined
  /** Expired documents are decided on already. */
  readonly hidesExpired?: boolean | undefined
}

/** A query with its predicate, which is compiled where it is first asked for. */
export function queryOf(parts: Omit<ParsedQuery, 'matches'>): ParsedQuery {
  let matches: ((document: Document) => boolean) | undefined
  return { ...parts, matches: (document) => (matches ??= compileFilter(parts.filter, parts.meter))(document) }
}
