/** A MongoDB command document, decoded. */
export type Command = Readonly<Record<string, unknown>>

/** The fields of a reply that the recorded suite looks at. */
export interface Reply {
  readonly cursor?: { readonly firstBatch: readonly unknown[] }
  readonly [field: string]: unknown
}

/** What the cases run on: takes command documents, answers replies, throws what the store throws. */
export interface Backend {
  command(command: Command): Promise<Reply>
}

export type CreateBackend = () => Promise<Backend>
