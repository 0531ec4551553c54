import type { Page } from './options.ts'

/** Reads the entities of all pages, one page at a time. */
export async function* readPages<T>(page: (after: string | null) => Promise<Page<T>>): AsyncGenerator<T, void> {
  let after: string | null = null
  do {
    const { items, next }: Page<T> = await page(after)
    yield* items
    after = next
  } while (after !== null)
}
