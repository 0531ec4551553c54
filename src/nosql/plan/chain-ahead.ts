/**
 * Several streams one after the other, where the first page of those that follow is asked for meanwhile. No stream is begun
 * before that, and none that was begun is left behind when reading stops early.
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
    for (let at = 0; at < streams.length; at++) {
      for (const last = Math.max(at, lastFor(at)); next <= last && next < streams.length; next++) {
        begun.push(begin(streams[next] as () => AsyncIterable<P>))
      }
      const { pages, first } = begun[0] as Begun<P>
      for (let page = await first; page.done !== true; page = await pages.next()) yield page.value
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
  // A stream that is never reached may fail: its error belongs to nobody.
  first.catch(() => undefined)
  return { pages, first }
}
