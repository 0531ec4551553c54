import type { Meter } from './meter.ts'

/** Bytes that a batch may need. */
export const FULL_BATCH = 8 * 1024 * 1024

/** What is made of an item; undefined where it is dropped. */
type MapItem<In, Out> = (item: In) => Out | undefined
type MapItemLater<In, Out> = (item: In) => Promise<Out | undefined>

/**
 * What is made of the items of each batch. A batch ends where it needs many bytes, those of its preparation included.
 *
 * @param prepare returns what maps the items of a batch; as a promise, where each item is awaited, too
 */
export async function* mapBatches<In, Out>(
  batches: AsyncIterable<readonly In[]>,
  meter: Meter,
  prepare: (batch: readonly In[]) => MapItem<In, Out> | Promise<MapItemLater<In, Out>>,
): AsyncGenerator<readonly Out[], void> {
  for await (const batch of batches) {
    const { allocated } = meter
    const isFull = (): boolean => meter.allocated - allocated >= FULL_BATCH
    const prepared = prepare(batch)
    const map = prepared instanceof Promise ? await prepared : prepared
    let output: Out[] = []
    let at = 0
    const take = (): In => batch[at++] as In // asked for at places below the length
    const add = (made: Out | undefined): void => {
      if (made !== undefined) output.push(made)
    }
    // Engines run this loop faster than one in a generator.
    const addSome = (now: MapItem<In, Out>): void => {
      do add(now(take()))
      while (at < batch.length && !meter.tired && !isFull())
    }
    while (at < batch.length) {
      if (map === prepared) addSome(prepared)
      else add(await map(take()))
      if (meter.tired) await meter.rest()
      if (!isFull()) continue
      if (output.length > 0) yield output
      output = []
      meter.release(allocated)
    }
    if (output.length > 0) yield output
    meter.release(allocated)
  }
}
