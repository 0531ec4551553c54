/** The moment that several reads see: the first of them decides. */
export interface Moment {
  /** Members of a request. */
  readonly members: { readonly readTime?: string }
  /** Notes the time of an answer. */
  note(readTime: string | undefined): void
}

export function newMoment(): Moment {
  let first: string | undefined
  return {
    get members() {
      return first === undefined ? {} : { readTime: first }
    },
    note(readTime) {
      first ??= readTime
    },
  }
}
