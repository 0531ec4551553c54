/** What one request costs in memory, in bytes. */
export interface Memory {
  readonly name: string
  readonly allocated: number
  /** How much the heap grew by per request. */
  readonly slope: number
  /** The same when scopes are forgotten instead of disposed of. */
  readonly forgotten: number | undefined
}
