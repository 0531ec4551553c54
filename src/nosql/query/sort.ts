/** Sort order over documents. */

/** One key of a sort: a dotted path and its direction. */
export interface SortKey {
  readonly path: string
  readonly direction: 1 | -1
}
