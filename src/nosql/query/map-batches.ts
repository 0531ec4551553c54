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
    const prepared = prepare(batch)
    const map = prepared instanceof Promise ? await prepared : prepared
    let output: Out[] = []
    for (let at = 0; at < batch.length;) {
      if (map === prepared) at = mapSome({ batch, at, map: prepared, output, allocated }, meter)
      else {
        const made = await map(batch[at++] as In) // there is an item at a place below the length
        if (made !== undefined) output.push(made)
      }
      if (meter.tired) await meter.rest()
      if (meter.allocated - allocated < FULL_BATCH) continue
      if (output.length > 0) yield output
      output = []
      meter.release(allocated)
    }
    if (output.length > 0) yield output
    meter.release(allocated)
  }
}

interface Part<In, Out> {
  readonly batch: readonly In[]
  readonly at: number
  readonly map: MapItem<In, Out>
  readonly output: Out[]
  readonly allocated: number
}

/** Until the meter wants something; returns where the batch goes on. Engines run this loop faster than one in a generator. */
function mapSome<In, Out>({ batch, at, map, output, allocated }: Part<In, Out>, meter: Meter): number {
  let next = at
  while (next < batch.length) {
    const made = map(batch[next++] as In) // as above
    if (made !== undefined) output.push(made)
    if (meter.tired || meter.allocated - allocated >= FULL_BATCH) break
  }
  return next
}
