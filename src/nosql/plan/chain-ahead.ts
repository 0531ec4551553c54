/**
 * Several streams one after the other, where the first page of those that follow is asked for meanwhile. No stream is begun
 * before that, and every one that was begun is closed when reading stops early.
 *
 * @param lastFor the number of the last stream that may be begun while number `at` is read
 */
export async function* chainAhead<P>(
  streams: readonly (() => AsyncIterable<P>)[],
  lastFor: (at: number) => number,
): AsyncGenerator<P, void> {
  const begun: Begun<P>[] = []
  let next = 0
  try {
    for (let at = 0; ; at++) {
      const end = Math.max(next, at + 1, lastFor(at) + 1)
      begun.push(...streams.slice(next, end).map(begin))
      next = end
      const [reached] = begun
      if (reached === undefined) return
      for (let page = await reached.first; page.done !== true; page = await reached.pages.next()) yield page.value
      begun.shift()
    }
  } finally {
    await Promise.allSettled(begun.map(async ({ pages }) => pages.return?.()))
  }
}

interface Begun<P> {
  readonly pages: AsyncIterator<P>
  readonly first: Promise<IteratorResult<P>>
}

function begin<P>(open: () => AsyncIterable<P>): Begun<P> {
  const pages = open()[Symbol.asyncIterator]()
  const first = pages.next()
  // A stream that is never reached may fail: its error is not the caller’s.
  first.catch(() => undefined)
  return { pages, first }
}
